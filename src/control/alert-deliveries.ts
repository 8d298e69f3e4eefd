import { decodeEvent, type StoredEvent } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';

/** Most in one answer, and how many without a wish. */
export const mostDeliveries = 200;
const usualDeliveries = 50;

/** One word of the log about a destination. */
export interface AlertDelivery {
  readonly destination: string;
  /** RFC 3339. */
  readonly at: string;
  /** `AlertDelivered`, `AlertGivenUp`, `AlertsPassed`, ... */
  readonly what: string;
  readonly eventId: string;
  /** The data of that event. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AlertDeliveries {
  readonly deliveries: readonly AlertDelivery[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
  readonly next?: string;
}

export interface DeliveryQuestion {
  readonly destinations: readonly string[];
  readonly limit: number;
  /** For each destination the revision to go on from, downwards; -1 where all was told. */
  readonly from: ReadonlyMap<string, number>;
}

const names = ['destination', 'limit', 'cursor'];

/** `known`: the destinations that there are. */
export function readDeliveryQuestion(
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
): { readonly value: DeliveryQuestion } | { readonly problem: string } {
  const stray = Object.keys(fields).find((name) => !names.includes(name));
  if (stray !== undefined) return { problem: `${stray.slice(0, 40)}: expected one of ${names.join(', ')}` };
  const { destination, limit: limitText = String(usualDeliveries), cursor } = fields;
  if (destination !== undefined && !known.some((name) => name === destination))
    return { problem: `destination: expected one of ${known.join(', ') || 'none'}` };
  const limit = typeof limitText === 'string' && /^\d{1,3}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > mostDeliveries) return { problem: `limit: expected 1 to ${mostDeliveries}` };
  const from = cursor === undefined ? new Map<string, number>() : readCursor(cursor);
  if (from === undefined) return { problem: 'cursor: expected the `next` of the page before' };
  return { value: { destinations: typeof destination === 'string' ? [destination] : known, limit, from } };
}

/** One page over the journals of all destinations, in the order of the log, newest first. */
export async function alertDeliveries(
  store: Pick<EventStore, 'readStream'>,
  { destinations, limit, from }: DeliveryQuestion,
): Promise<AlertDeliveries> {
  const found: { readonly destination: string; readonly event: StoredEvent }[] = [];
  const rest = new Map<string, number>();
  for (const destination of destinations) {
    const fromRevision = from.get(destination);
    if (fromRevision === -1) continue;
    const start = fromRevision === undefined ? {} : { fromRevision };
    const page = await store.readStream(`journal-${destination}`, { ...start, limit, backwards: true });
    found.push(...page.events.map((event) => ({ destination, event })));
    rest.set(destination, (page.events.at(-1)?.revision ?? 0) - 1);
  }
  found.sort((a, b) => b.event.ordinal - a.event.ordinal);
  // What did not fit into this page is where the next one begins.
  for (const { destination, event } of found.slice(limit).reverse()) rest.set(destination, event.revision);
  const isMore = [...rest.values()].some((revision) => revision >= 0);
  const deliveries = found.slice(0, limit).map(({ destination, event }) => deliveryOf(destination, event));
  for (const destination of destinations) if (!rest.has(destination)) rest.set(destination, -1);
  return { deliveries, ...(isMore ? { next: cursorOf(rest) } : {}) };
}

function deliveryOf(destination: string, stored: StoredEvent): AlertDelivery {
  const decoded = decodeEvent(stored);
  const data = decoded.readable ? { ...decoded.event.data } : { unreadable: decoded.reason };
  return { destination, at: stored.metadata.recordedAt, what: stored.type, eventId: stored.id, data };
}

function cursorOf(rest: ReadonlyMap<string, number>): string {
  return [...rest].map(([name, revision]) => `${name}.${revision}`).join('~');
}

function readCursor(text: unknown): Map<string, number> | undefined {
  if (typeof text !== 'string' || !/^[a-z0-9-]+\.-?\d{1,15}(~[a-z0-9-]+\.-?\d{1,15})*$/.test(text)) return undefined;
  return new Map(
    text.split('~').map((one) => {
      const dot = one.indexOf('.');
      return [one.slice(0, dot), Number(one.slice(dot + 1))];
    }),
  );
}
