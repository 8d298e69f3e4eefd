import { rmSync } from 'node:fs';
import fc from '../support/property.js';
import { parseInstant, type StoredEvent } from '../../events/index.js';
import { type AddressHistory, HistoryIndex } from '../../src/audit/address-history/history-index.js';
import { HistoryWriter } from '../../src/audit/address-history/history-writer.js';
import type { KnownAt } from '../../src/audit/as-of.js';
import { explain } from '../../src/audit/explain.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import { type Holding, holdingsOf } from '../../src/audit/holding.js';
import { KnownLog, type LogReader } from '../../src/audit/known-log.js';
import { type Subject, subjectsOf } from '../../src/audit/subject.js';
import { during, type Interval, whoHad } from '../../src/audit/who-had.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { openOn } from '../support/eventstoredb/open.js';
import { ServerLog } from '../support/eventstoredb/server-log.js';
import { tempDirectory } from '../support/temp-directory.js';
import { anyAt, anyNight, questions } from './any-night.js';
import { HistoryInMemory } from './history-in-memory.js';
import { MemoryLog } from './memory-log.js';

// A thousand moments in all: so many histories in each of three stores, and so many moments of each.
const histories = 8;
const momentsEach = 42;

interface Opened {
  readonly log: LogReader;
  /** An index of the first events, in the kind that belongs to the log. */
  readonly historyOf: (events: readonly StoredEvent[]) => Promise<AddressHistory>;
  readonly close: () => Promise<void>;
}

const root = tempDirectory();
let made = 0;

const logs: readonly [where: string, open: (night: MemoryLog) => Promise<Opened>][] = [
  [
    'in memory',
    (log) =>
      Promise.resolve({
        log,
        historyOf: (events) => Promise.resolve(new HistoryInMemory(events)),
        close: () => Promise.resolve(),
      }),
  ],
  [
    'in the embedded store on disk',
    async (night) => {
      const directory = `${root}/${made++}`;
      const store = await openEmbeddedStore({ directory, create: true, scrub: false });
      const close = async (): Promise<void> => {
        await store.close();
        rmSync(directory, { recursive: true });
      };
      return stored(store, night, close);
    },
  ],
  [
    'in EventStoreDB (protocol double)',
    async (night) => {
      const node = await new ServerNode(new ServerLog()).start();
      const { store, dispose } = await openOn(node.url);
      return stored(store, night, () => dispose().finally(() => node.stop()));
    },
  ],
];

/** The same events in a store, which stamps them as they come: four at a time. */
async function stored(store: EventStore, night: MemoryLog, close: () => Promise<void>): Promise<Opened> {
  for (let at = 0; at < night.events.length; at += 4) {
    const requests = night.events.slice(at, at + 4).map(({ id, stream, type, data, metadata }) => {
      const { source, sourceId, schemaVersion, time } = metadata;
      const event = { id, type, data: data as object, metadata: { source, sourceId, schemaVersion, time } };
      return { stream, expected: 'any' as const, events: [event] };
    });
    for (const { outcome } of await store.appendMany(requests)) expect(outcome).toBe('stored');
  }
  const directory = `${root}/${made++}`;
  let index: HistoryIndex | undefined;
  const historyOf = async (events: readonly StoredEvent[]): Promise<AddressHistory> => {
    const writer = await HistoryWriter.open(directory, store);
    writer.take(events);
    writer.flush();
    writer.close();
    index = await HistoryIndex.open(directory, store);
    // Without a single event there is nothing to keep, and so no index.
    return index ?? new HistoryInMemory(events);
  };
  const closeAll = async (): Promise<void> => {
    index?.close();
    rmSync(directory, { recursive: true, force: true });
    await close();
  };
  return { log: store, historyOf, close: closeAll };
}

const anyMoment = fc.record({
  text: fc.constantFrom(...questions),
  at: anyAt,
  known: fc.option(fc.tuple(fc.nat(), fc.boolean()), { nil: undefined }),
});

/** What was known once some event of the log was: by its ordinal, or by the moment at which it was recorded. */
function knownBy(events: readonly StoredEvent[], known: readonly [number, boolean] | undefined): KnownAt | undefined {
  const event = known && events[known[0] % events.length];
  if (event === undefined) return undefined;
  return known?.[1] === true
    ? { recordedAt: parseInstant(event.metadata.recordedAt) ?? 0 }
    : { ordinal: event.ordinal };
}

function subjectOf(text: string): Subject {
  const read = subjectsOf(text);
  if ('problem' in read || read.value[0] === undefined) throw new Error(`bad test subject ${text}`);
  return read.value[0];
}

const told = (holdings: readonly (Holding | Interval)[]): object[] =>
  holdings.map(({ role, what, serverId, customerId, state, switch: name, port, vlan, mac, heldBy }) => ({
    ...{ role, what, serverId, customerId, state, name, port, vlan, mac, heldBy },
  }));

describe('who has it at a random moment of either axis', () => {
  it.each(logs)(
    'is what a fresh fold of the whole log says, however far the index is (%s)',
    async (_where, open) => {
      const moments = fc.array(anyMoment, { minLength: momentsEach, maxLength: momentsEach });
      const property = fc.asyncProperty(anyNight, fc.nat(), moments, async (facts, reach, asked) => {
        const night = MemoryLog.of(facts);
        const { log, historyOf, close } = await open(night);
        try {
          const events = await log.readAt(night.events.map(({ ordinal }) => ordinal));
          expect(events.map(({ id }) => id)).toEqual(night.events.map(({ id }) => id));
          const history = await historyOf(events.slice(0, reach % (events.length + 1)));
          for (const { text, at, known } of asked) {
            const subject = subjectOf(text);
            const knownAt = knownBy(events, known);
            const asOf = { ...(at === undefined ? {} : { at }), ...(knownAt === undefined ? {} : { knownAt }) };
            const fresh = holdingsOf((await foldAsOf([events], asOf)).map, subject);
            const opened = (): Promise<KnownLog> => KnownLog.open(log, knownAt, { history });
            expect((await explain(await opened(), subject, at))?.holdings ?? []).toEqual(fresh);
            if (subject.kind === 'server') continue;
            const found = await whoHad(await opened(), subject);
            const then = found && during(found, at ?? Number.POSITIVE_INFINITY).intervals;
            expect(new Set(told(then ?? []))).toEqual(new Set(told(fresh)));
          }
        } finally {
          await close();
        }
      });
      await fc.assert(property, { numRuns: histories });
    },
    300_000,
  );
});
