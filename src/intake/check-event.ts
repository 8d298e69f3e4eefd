import { contractOf, type EventContract, eventTypes, formatInstant, parseInstant } from '../../events/index.js';
import type { Caller } from './caller.js';
import { didYouMean } from '../config/nearest.js';
import type { NewEvent } from '../event-store/event-store.port.js';
import { type CloudEvent, readCloudEvent } from './cloud-event.js';
import { readEventData } from './event-data.js';
import { storedEventId } from './event-id.js';
import { isLargerThan, jsonSize } from './event-size.js';
import { found, refuse, refuseField, type Refusal } from './refusal.js';

/** How far a publisher's clock may be ahead, and how old a fact may be before it counts as back-dated. */
export const clockToleranceMs = 5 * 60_000;
const largestEvent = 64 * 1024;

/** An event that may be stored. */
export interface Candidate {
  readonly refused: false;
  readonly stream: string;
  readonly event: NewEvent;
  /** When the fact became true, ms since 1970. */
  readonly time: number;
}

/** May this principal publish this event, and is it well-formed? Looks at nothing but the event itself, never at the map. */
export function checkEvent(value: unknown, principal: Caller, now: number): Candidate | Refusal {
  if (isLargerThan(value, largestEvent)) {
    const detail = `The event has ${jsonSize(value)} bytes; at most ${largestEvent} are accepted.`;
    return refuse(413, 'event-too-large', detail);
  }
  const event = readCloudEvent(value);
  if ('refused' in event) return event;
  const contract = contractOf(event.type);
  if (contract === undefined) {
    const detail = `${found(event.type)}, expected an event type of the published language.${didYouMean(event.type, eventTypes)}`;
    return refuseField(422, 'unknown-event-type', '/type', detail);
  }
  return mayPublish(contract, event, principal) ?? checkContent(contract, event, now);
}

function mayPublish({ type, scope }: EventContract, event: CloudEvent, principal: Caller): Refusal | undefined {
  if (scope === 'own-rooms') {
    return refuseField(
      403,
      'type-not-accepted',
      '/type',
      `${type} is written by the engine itself and never accepted from outside.`,
    );
  }
  if (!principal.scopes.includes(scope)) {
    const detail = `${type} needs the scope ${scope}; caller ${principal.callerId} has ${principal.scopes.join(', ')}.`;
    return { ...refuseField(403, 'missing-scope', '/type', detail), missingScopes: [scope] };
  }
  if (event.source === principal.source) return undefined;
  const bound = principal.source === undefined ? 'is bound to no source' : `publishes as ${principal.source} only`;
  return refuseField(
    403,
    'foreign-source',
    '/source',
    `caller ${principal.callerId} ${bound}; ${found(event.source)}.`,
  );
}

function checkContent(contract: EventContract, event: CloudEvent, now: number): Candidate | Refusal {
  const instant = parseInstant(event.time);
  if (instant === undefined) {
    return refuseField(
      422,
      'invalid-event',
      '/time',
      `expected an RFC 3339 instant, such as 2026-03-01T12:00:00Z; ${found(event.time)}`,
    );
  }
  const time = canonicalTime(event.time, instant);
  if (instant > now + clockToleranceMs) {
    const detail = `${time} is more than 5 minutes ahead of the engine's clock (${formatInstant(now)}).`;
    return refuseField(422, 'time-in-future', '/time', detail);
  }
  const content = readEventData(contract, event.schemaVersion ?? contract.version, event.data);
  if (content.refused) return content;
  const stream = contract.stream?.(content.data);
  if (stream === undefined)
    throw new Error(`${contract.type} names no stream though it may be published; see its contract.`);
  const entity = stream.slice(stream.indexOf('-') + 1);
  if (event.subject !== entity) {
    return refuseField(
      422,
      'invalid-event',
      '/subject',
      `expected ${entity}, as the data says; ${found(event.subject)}`,
    );
  }
  const metadata = { source: event.source, sourceId: event.id, schemaVersion: contract.version, time };
  const id = storedEventId(event.source, event.id);
  return { refused: false, stream, event: { id, type: contract.type, data: content.data, metadata }, time: instant };
}

/** UTC with milliseconds. Most publishers write just that, and then it need not be written again. */
function canonicalTime(text: string, instant: number): string {
  const isLeapSecond = text.startsWith('60', 17);
  return storedSpelling.test(text) && !isLeapSecond ? text : formatInstant(instant);
}

const storedSpelling = /^[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z$/;

/**
 * The streams a refused event would have gone to, as far as it says: later events of a batch must not overtake it there.
 * An event that names no entity at all stands in nobody's way.
 */
export function streamsNamedBy(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, subject, data } = value as Record<string, unknown>;
  const {
    serverId,
    switch: switchName,
    port,
  } = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const entities = [subject, serverId, switchName, port].filter((one) => typeof one === 'string');
  return familiesOf(type).flatMap((family) => entities.map((entity) => `${family}-${entity}`));
}

function familiesOf(type: unknown): string[] {
  switch (typeof type === 'string' ? contractOf(type)?.scope : undefined) {
    case 'publisher':
      return ['server', 'rates'];
    case 'operator':
      return ['gateway', 'exception', 'site'];
    case 'link-source':
      return ['port'];
    case 'own-rooms':
    case undefined:
      return ['server', 'gateway', 'port', 'exception', 'site'];
  }
}
