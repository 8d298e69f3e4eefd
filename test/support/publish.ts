import { randomUUID } from 'node:crypto';
import { contractOf, type EventType } from '../../events/index.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';

/** Stores a fact as intake would; the data is taken as given. Returns its ordinal. */
export async function storeFact<Type extends EventType>(
  store: EventStore,
  type: Type,
  data: Record<string, unknown>,
  time = '2026-01-01T00:00:00.000Z',
): Promise<number> {
  const stream = contractOf(type)?.stream?.(data);
  if (stream === undefined) throw new Error(`${type} names no stream of its own`);
  const id = randomUUID();
  const metadata = { source: 'urn:test', sourceId: id, schemaVersion: 1, time };
  const answer = await store.append({ stream, expected: 'any', events: [{ id, type, data, metadata }] });
  if (answer.outcome !== 'stored') throw new Error(`${type} was not stored: ${answer.outcome}`);
  return answer.events[0]?.ordinal ?? -1;
}

/** As `storeFact`, for many at once. Returns the ordinal of the last. */
export async function storeFacts(
  store: EventStore,
  facts: readonly { readonly type: EventType; readonly data: Record<string, unknown>; readonly time?: string }[],
): Promise<number> {
  let last = -1;
  for (let start = 0; start < facts.length; start += 500) {
    const requests = facts.slice(start, start + 500).map(({ type, data, time = '2026-01-01T00:00:00.000Z' }) => {
      const id = randomUUID();
      const stream = contractOf(type)?.stream?.(data) ?? '';
      return {
        stream,
        events: [{ id, type, data, metadata: { source: 'urn:test', sourceId: id, schemaVersion: 1, time } }],
      };
    });
    const stored = await store.appendNew(requests);
    if (stored === undefined) throw new Error('the facts were not stored: one of them stands in the log already');
    last = stored.at(-1)?.ordinal ?? last;
  }
  return last;
}
