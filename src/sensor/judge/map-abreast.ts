import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';

/**
 * Verdicts wait at most so long for the map, ms: a store or a projector in trouble withholds none. Usually it takes two or
 * three milliseconds.
 */
export const mapPatienceMs = 1_000;

/**
 * Resolves when the live map has folded everything that was recorded before the call, or after the patience.
 * Never rejects.
 */
export async function mapIsAbreast(
  store: Pick<EventStore, 'append' | 'head'>,
  liveMap: Pick<LiveMap, 'reached'>,
  patienceMs = mapPatienceMs,
): Promise<void> {
  let patience: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (patience = setTimeout(resolve, patienceMs)));
  await Promise.race([enough, caughtUp(store, liveMap, patienceMs).catch(() => undefined)]);
  clearTimeout(patience);
}

async function caughtUp(
  store: Pick<EventStore, 'append' | 'head'>,
  liveMap: Pick<LiveMap, 'reached'>,
  patienceMs: number,
): Promise<void> {
  await everythingBefore(store);
  const head = await store.head();
  if (head !== undefined) await liveMap.reached(head.ordinal, patienceMs);
}

/**
 * The log's head alone does not tell: an event has its `recordedAt` some time before it is durable and can be read.
 * Appends are carried out in their order, so one that is refused by its revision comes after all of them and stores
 * nothing.
 */
async function everythingBefore(store: Pick<EventStore, 'append'>): Promise<void> {
  const metadata = { source: 'urn:portledger:sensor', sourceId: 'order', schemaVersion: 1, time: epoch };
  const event = { id: randomUUID(), type: 'Never', data: {}, metadata };
  await store.append({ stream: 'never', expected: neverReached, events: [event] });
}

const epoch = '1970-01-01T00:00:00.000Z';
/** No stream has so many events. */
const neverReached = 2 ** 52;
