import {
  parseAnyMac,
  parseCustomerId,
  parseIp,
  parsePort,
  parseServerId,
  parseSwitchName,
  type SwitchName,
} from '../../events/index.js';
import { type AsOf, parseAt, parseKnownAt, type Read } from './as-of.js';
import { type Between, parseBetween } from './between.js';
import type { MapFilters, MapPage } from './map-answer.js';
import { type Subject, subjectsOf } from './subject.js';

/** The fields of a question as they came, from a query string or a command line. */
export type Fields = Readonly<Record<string, string | undefined>>;

export interface MapQuestion extends AsOf {
  readonly filters: MapFilters;
  readonly page: MapPage;
  /** Also what this device should have had; then only servers on its switch. */
  readonly device?: SwitchName;
  /** Also the violations that were open then. */
  readonly violations?: true;
}

export interface SubjectQuestion extends AsOf {
  /** All that the text may mean; the log decides. */
  readonly subjects: readonly Subject[];
  readonly text: string;
  /** A stretch of valid time; then there is no `at`. */
  readonly between?: Between;
}

/** Most bindings in one answer, and how many without a wish. */
export const mostBindings = 500;

const filterReaders = {
  server: [parseServerId, 'a server id'],
  customer: [parseCustomerId, 'a customer id'],
  ip: [parseIp, 'an IPv4 or IPv6 address without a prefix length'],
  mac: [parseAnyMac, 'a MAC such as 52:54:00:00:00:16, 52-54-00-00-00-16 or 5254.0000.0016'],
  port: [parsePort, 'a port as switch:interface, such as leaf1:Ethernet16'],
  switch: [parseSwitchName, 'a switch name in lower case'],
} as const;

export const filterNames = Object.keys(filterReaders) as (keyof typeof filterReaders)[];

export function readMapQuestion(fields: Fields): Read<MapQuestion> {
  const stray = strayField(fields, [...filterNames, 'at', 'knownAt', 'limit', 'cursor']);
  if (stray !== undefined) return { problem: stray };
  const filters: Record<string, string> = {};
  for (const name of filterNames) {
    const text = fields[name];
    if (text === undefined) continue;
    const [parse, expected] = filterReaders[name];
    const value = parse(text);
    if (value === undefined) return { problem: `${name}: "${text}" is not ${expected}` };
    filters[name] = value;
  }
  const limit = readLimit(fields['limit']);
  if (limit === undefined) return { problem: `limit: expected 1 to ${mostBindings}, found "${fields['limit']}"` };
  const asOf = readAsOf(fields);
  if ('problem' in asOf) return asOf;
  const { cursor } = fields;
  const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
  return { value: { filters, page, ...asOf.value } };
}

/** Reads a question about pairs: of the map as it is now. */
export function readPairsQuestion(fields: Fields): Read<Pick<MapQuestion, 'filters' | 'page'>> {
  const stray = strayField(fields, [...filterNames, 'limit', 'cursor']);
  return stray === undefined ? readMapQuestion(fields) : { problem: stray };
}

/** Reads a question about the map of the past: as above, `device` and `violations`. */
export function readAtQuestion({ violations, ...rest }: Fields): Read<MapQuestion> {
  const read = readOfDevice(rest);
  if (violations === undefined || violations === 'false' || 'problem' in read) return read;
  if (violations !== 'true') return { problem: `violations: expected true or false, found "${violations}"` };
  return { value: { ...read.value, violations: true } };
}

function readOfDevice({ device, ...fields }: Fields): Read<MapQuestion> {
  const read = readMapQuestion(fields);
  if (device === undefined || 'problem' in read) return read;
  const name = parseSwitchName(device);
  if (name === undefined) return { problem: `device: "${device}" is not the name of a device or switch in lower case` };
  return { value: { ...read.value, device: name } };
}

/** Reads a question about one subject; `kinds` are those it can be about. */
export function readSubjectQuestion(fields: Fields, kinds?: readonly Subject['kind'][]): Read<SubjectQuestion> {
  const stray = strayField(fields, ['subject', 'at', 'between', 'knownAt']);
  if (stray !== undefined) return { problem: stray };
  const text = fields['subject'] ?? '';
  const subjects = subjectsOf(text, kinds);
  if ('problem' in subjects) return subjects;
  const asOf = readAsOf(fields);
  if ('problem' in asOf) return asOf;
  const between = fields['between'] === undefined ? undefined : parseBetween(fields['between']);
  if (between !== undefined && 'problem' in between) return between;
  if (between !== undefined && asOf.value.at !== undefined) {
    return { problem: 'between: at asks about one moment and between about a stretch; give only one of them' };
  }
  const range = between && { between: between.value };
  return { value: { subjects: subjects.value, text, ...asOf.value, ...range } };
}

/** What `who-had` can be asked about. */
export const heldKinds = ['ip', 'prefix', 'mac', 'port'] as const;

function readAsOf({ at: atText, knownAt: knownAtText }: Fields): Read<AsOf> {
  const at = atText === undefined ? undefined : parseAt(atText);
  if (at !== undefined && 'problem' in at) return at;
  const knownAt = knownAtText === undefined ? undefined : parseKnownAt(knownAtText);
  if (knownAt !== undefined && 'problem' in knownAt) return knownAt;
  return { value: { ...(at && { at: at.value }), ...(knownAt && { knownAt: knownAt.value }) } };
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return mostBindings;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= mostBindings ? limit : undefined;
}

/** A misspelt filter must not answer as if nothing had been filtered; one given twice is no text but a list. */
export function strayField(fields: Readonly<Record<string, unknown>>, known: readonly string[]): string | undefined {
  const doubled = Object.keys(fields).find((name) => Array.isArray(fields[name]));
  if (doubled !== undefined) return `${doubled}: given more than once; ask one question at a time`;
  const stray = Object.keys(fields).find((name) => fields[name] !== undefined && !known.includes(name));
  return stray === undefined ? undefined : `${stray}: no such field; expected one of ${known.join(', ')}`;
}
