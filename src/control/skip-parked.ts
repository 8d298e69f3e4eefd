import { randomUUID } from 'node:crypto';
import { decodeData, formatInstant } from '../../events/index.js';
import type { FrozenStream } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import { type ParkedStream, parkedStream } from './parked.js';

/** The fold that says which streams are frozen: the engine's own, or one made of a log that no engine runs on. */
export interface FoldedLog {
  frozenStreams(): readonly FrozenStream[];
  /** Resolves true once the event with this ordinal is folded; false when that takes too long. */
  reached(ordinal: number): Promise<boolean>;
}

export interface SkipOrder {
  readonly stream: string;
  /** The parked event that was looked at. */
  readonly eventId: string;
  readonly reason: string;
}

/** What became of the events held behind a skipped one. */
export interface Skipped {
  readonly stream: string;
  readonly eventId: string;
  /** The EventSkipped that was stored. */
  readonly skip: { readonly id: string; readonly ordinal: number };
  /** How many of the held events are folded now. */
  readonly released: number;
  /** Where one of them cannot be read either. */
  readonly parkedNext?: ParkedStream;
}

export type SkipOutcome =
  | { readonly outcome: 'skipped'; readonly done: Skipped }
  | { readonly outcome: 'not-frozen' }
  | { readonly outcome: 'other-parked'; readonly parked: ParkedStream }
  | { readonly outcome: 'malformed'; readonly detail: string }
  /** Others kept writing to the stream, or the fold did not keep up. */
  | { readonly outcome: 'busy' };

const source = 'urn:portledger:control';
const mostTries = 5;

/**
 * Stores the operator's order to pass over the parked event at the head of a frozen stream, and tells what became of the
 * events held behind it. It is stored at the exact revision that was looked at, so that of two orders one comes first.
 */
export async function skipParked(
  store: Pick<EventStore, 'append' | 'readStream'>,
  folded: FoldedLog,
  { stream, eventId, reason }: SkipOrder,
): Promise<SkipOutcome> {
  const data = { eventId, reason };
  const read = decodeData('EventSkipped', 1, data);
  if (!read.readable) return { outcome: 'malformed', detail: read.reason };
  for (let tries = 0; tries < mostTries; tries++) {
    const last = (await store.readStream(stream, { backwards: true, limit: 1 })).events[0];
    if (last !== undefined && !(await folded.reached(last.ordinal))) return { outcome: 'busy' };
    const frozen = frozenOf(folded, stream);
    if (frozen === undefined || last === undefined) return { outcome: 'not-frozen' };
    if (frozen.parked.id !== eventId) return { outcome: 'other-parked', parked: parkedStream(frozen) };
    const id = randomUUID();
    const time = formatInstant(Date.now());
    const metadata = { source, sourceId: id, schemaVersion: 1, time, causedBy: [eventId] };
    const events = [{ id, type: 'EventSkipped', data, metadata }];
    const appended = await store.append({ stream, expected: last.revision, events });
    if (appended.outcome === 'wrong-revision') continue;
    const [skip] = appended.outcome === 'stored' ? appended.events : [];
    if (skip === undefined)
      throw new Error(`The skip of ${eventId} was not stored: the log answered ${appended.outcome}`);
    if (!(await folded.reached(skip.ordinal))) return { outcome: 'busy' };
    const waiting = frozenOf(folded, stream);
    const stillHeld = new Set(waiting === undefined ? [] : [waiting.parked, ...waiting.held].map((one) => one.id));
    const done = {
      stream,
      eventId,
      skip: { id, ordinal: skip.ordinal },
      released: frozen.held.filter((one) => !stillHeld.has(one.id)).length,
      ...(waiting === undefined ? {} : { parkedNext: parkedStream(waiting) }),
    };
    return { outcome: 'skipped', done };
  }
  return { outcome: 'busy' };
}

function frozenOf(folded: FoldedLog, stream: string): FrozenStream | undefined {
  return folded.frozenStreams().find((one) => one.stream === stream);
}
