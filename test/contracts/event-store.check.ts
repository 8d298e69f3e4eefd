import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../events/index.js';
import type { EventStore, NewEvent } from '../../src/event-store/event-store.port.js';

/** One rule of the port, tried on a store that holds nothing yet; throws when the store breaks it. */
export interface StoreCheck {
  readonly name: string;
  readonly run: (store: EventStore) => Promise<void>;
}

/** A new event; `note` is its data. */
export function newEvent(note: unknown = 'a fact', id: string = randomUUID()): NewEvent {
  return {
    id,
    type: 'ServerSuspended',
    data: { serverId: 'srv-1', note },
    metadata: { source: 'urn:test', sourceId: id, schemaVersion: 1, time: '2026-03-01T03:14:00.000Z' },
  };
}

export const newEvents = (count: number): NewEvent[] => Array.from({ length: count }, (_, index) => newEvent(index));

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** Appends at any revision and returns the events as stored; throws when they were not. */
export async function stored(store: EventStore, stream: string, events: readonly NewEvent[]): Promise<StoredEvent[]> {
  const answer = await store.append({ stream, expected: 'any', events });
  if (answer.outcome !== 'stored') throw new Error(`append to ${stream} was answered ${answer.outcome}`);
  return [...answer.events];
}

/** The whole log, page by page; throws when it does not end after `most` pages. */
export async function wholeLog(store: EventStore, limit = 1000, most = 1000): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < most; pages++) {
    const page = await store.readAll({ limit, ...(after === undefined ? {} : { after }) });
    if (page.events.length > limit) throw new Error(`a page of at most ${limit} held ${page.events.length} events`);
    events.push(...page.events);
    if (page.next === undefined) return events;
    after = page.next;
  }
  throw new Error(`the log did not end after ${most} pages of ${limit}`);
}

/** How long a state is waited for, ms: as long as a busy machine may need; short where a saboteur keeps it from coming. */
export const patience = { honest: 30_000, sabotaged: 5_000, now: 30_000 };

/** Resolves when `condition` holds; throws after a bounded wait, naming what was awaited. */
export async function eventually(condition: () => boolean, what: string, withinMs = patience.now): Promise<void> {
  const end = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
