import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../../events/index.js';
import { type EventStore } from '../../../src/event-store/event-store.port.js';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';

/** A new log in a directory with so many events of all kinds of text, in a few streams. */
export async function sampleLog(directory: string, count: number): Promise<EventStore> {
  const store = await openEmbeddedStore({ directory, create: true });
  await addSamples(store, count);
  return store;
}

export async function addSamples(store: EventStore, count: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, index) => {
    const id = randomUUID();
    // Keys that count as numbers come first in a JavaScript object, and not in RFC 8785; U+2028 ends lines for some readers.
    const data = { text: `ä\u2028\n"${index}"`, 10: index, 9: [null, true, 1e21], b: { a: -0 } };
    const metadata = { source: 'urn:test', sourceId: id, schemaVersion: 1, time: '2026-01-01T00:00:00.000Z' };
    const type = index % 3 === 0 ? 'Third' : 'Sample';
    return { stream: `sample-${index % 7}`, expected: 'any', events: [{ id, type, data, metadata }] } as const;
  });
  for (const outcome of await store.appendMany(requests))
    if (outcome.outcome !== 'stored') throw new Error(`A sample was not stored: ${outcome.outcome}`);
}

export async function allEvents(store: EventStore): Promise<readonly StoredEvent[]> {
  return (await store.readAll({ limit: 100_000 })).events;
}
