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
