import { didYouMean } from '../config/nearest.js';
import { type FieldError, found, refuse, type Refusal } from './refusal.js';

/** A CloudEvent of version 1.0 whose attributes have the right form; its data is not looked at yet. */
export interface CloudEvent {
  readonly type: string;
  readonly source: string;
  readonly id: string;
  readonly subject: string;
  readonly time: string;
  /** Shape of `data`; undefined means the newest. */
  readonly schemaVersion: number | undefined;
  readonly data: unknown;
}

interface Attribute {
  readonly expected: string;
  readonly required: boolean;
  readonly check: (value: unknown) => boolean;
}

const text = (most: number) => (value: unknown) =>
  // oxlint-disable-next-line no-control-regex
  typeof value === 'string' && value.length >= 1 && value.length <= most && !/[\u0000-\u001f\u007f-\u009f]/.test(value);
const need = (expected: string, check: (value: unknown) => boolean): Attribute => ({ expected, required: true, check });
const may = (expected: string, check: (value: unknown) => boolean): Attribute => ({ expected, required: false, check });
const isJsonType = (value: unknown): boolean =>
  value === 'application/json' || (typeof value === 'string' && /^application\/json(\s*;.*)?$/i.test(value));

const attributes: Readonly<Record<string, Attribute>> = {
  specversion: need('"1.0"', (value) => value === '1.0'),
  type: need('the name of an event type, such as ServerAdded', text(100)),
  source: need('a URI of 1 to 256 characters, the one bound to your token', text(256)),
  id: need('a text of 1 to 256 characters, unique within your source', text(256)),
  subject: need('the server, switch, port, exception or site the event is about', text(256)),
  time: need('an RFC 3339 instant, such as 2026-03-01T12:00:00Z', text(64)),
  data: need('an object', (value) => value !== undefined),
  schemaversion: may('a whole number, 1 or more', (value) => versionOf(value) !== undefined),
  datacontenttype: may('"application/json"', isJsonType),
  traceparent: may('a W3C trace context', text(256)),
  tracestate: may('a W3C trace context', text(512)),
};

/** Checks the attributes of a structured-mode CloudEvent (CloudEvents 1.0.2, JSON format). Extensions of others are refused by name. */
export function readCloudEvent(value: unknown): CloudEvent | Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(400, 'malformed-event', `An event is a JSON object; ${found(value)}.`);
  }
  const event = value as Record<string, unknown>;
  if (!isWellFormed(event)) {
    const errors = attributeErrors(event);
    const [first] = errors;
    if (first !== undefined) return refuse(400, 'malformed-event', `${first.pointer}: ${first.detail}`, errors);
  }
  const { type, source, id, subject, time, data } = event as Record<string, string>;
  return { type, source, id, subject, time, data, schemaVersion: versionOf(event['schemaversion']) } as CloudEvent;
}

const attributeOf: ReadonlyMap<string, Attribute> = new Map(Object.entries(attributes));
const requiredAttributes = Object.values(attributes).filter(({ required }) => required).length;

/** The usual case in one pass over what is there; what it does not pass is looked at attribute by attribute. */
function isWellFormed(event: Readonly<Record<string, unknown>>): boolean {
  let required = 0;
  for (const name of Object.keys(event)) {
    const attribute = attributeOf.get(name);
    if (attribute === undefined || !attribute.check(event[name])) return false;
    if (attribute.required) required++;
  }
  return required === requiredAttributes;
}

/** What is wrong with one attribute, or with its absence; undefined when nothing is. */
export function attributeTrouble(name: string, given: unknown): string | undefined {
  const attribute = attributeOf.get(name);
  if (attribute === undefined) return `not an attribute or extension this engine knows.${suggestion(name)}`;
  const { expected, required, check } = attribute;
  return (given === undefined ? required : !check(given)) ? `expected ${expected}; ${found(given)}` : undefined;
}

function attributeErrors(event: Readonly<Record<string, unknown>>): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of attributeOf.keys()) {
    const detail = attributeTrouble(name, Object.hasOwn(event, name) ? event[name] : undefined);
    if (detail !== undefined) errors.push({ pointer: `/${name}`, detail });
  }
  for (const name of Object.keys(event)) {
    if (!Object.hasOwn(attributes, name)) errors.push(unknownAttribute(name));
  }
  return errors;
}

function unknownAttribute(name: string): FieldError {
  const pointer = `/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { pointer, detail: `not an attribute or extension this engine knows.${suggestion(name)}` };
}

const suggestion = (name: string): string => didYouMean(name, Object.keys(attributes));

/** CloudEvents integers may arrive as numbers or, through string-only SDKs, as digits. */
function versionOf(value: unknown): number | undefined {
  const version = typeof value === 'string' && /^[1-9][0-9]{0,5}$/.test(value) ? Number(value) : value;
  return typeof version === 'number' && Number.isInteger(version) && version >= 1 ? version : undefined;
}
