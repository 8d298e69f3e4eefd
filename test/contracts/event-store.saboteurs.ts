import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../events/index.js';
import type { EventStore, LogTree, SubscriptionHandlers } from '../../src/event-store/event-store.port.js';

/** A store that breaks one promise, and the checks that must notice. */
export interface Saboteur {
  readonly what: string;
  readonly sabotage: (store: EventStore) => EventStore;
  readonly caughtBy: readonly string[];
}

export const saboteurs: readonly Saboteur[] = [
  {
    what: 'acknowledges an append and drops its last event',
    sabotage: (store) =>
      but(store, {
        append: async (request) => {
          const answer = await store.append({ ...request, events: request.events.slice(0, -1) });
          const [last] = request.events.slice(-1);
          if (answer.outcome !== 'stored' || last === undefined) return answer;
          return { ...answer, events: [...answer.events, pretended(last, request.stream, answer.events.length)] };
        },
      }),
    caughtBy: [
      'stores events after the expected revision and returns them as they are read',
      'gives data and metadata back as they were when they were handed over, up to 64 KiB',
      'finds an event by its id',
      'names the last event of the log',
      'stamps when each event was stored, in UTC with milliseconds, never decreasing along the log',
    ],
  },
  {
    what: 'stores a repeated append a second time',
    sabotage: (store) =>
      but(store, {
        append: async (request) => {
          const answer = await store.append(request);
          if (answer.outcome !== 'duplicate') return answer;
          return store.append({ ...request, events: request.events.map((event) => ({ ...event, id: randomUUID() })) });
        },
      }),
    caughtBy: [
      'answers a repeated append with the events as first stored, whatever revision is expected',
      'stores the same concurrent append once, however often it is sent at the same time',
    ],
  },
  {
    what: 'ignores the expected revision',
    sabotage: (store) => but(store, { append: (request) => store.append({ ...request, expected: 'any' }) }),
    caughtBy: [
      'refuses an append at another than the expected revision and stores nothing of it',
      'lets one of many concurrent appends at the same revision win',
      'keeps the exact revisions of several writers that race for the same streams and try again',
    ],
  },
  {
    what: 'takes any revision for a new stream',
    sabotage: (store) =>
      but(store, {
        append: (request) => store.append({ ...request, expected: request.expected === 'any' ? -1 : request.expected }),
      }),
    caughtBy: ['appends at any revision, to a new stream and to one that exists'],
  },
  {
    what: 'gives a taken id a new one',
    sabotage: (store) =>
      but(store, {
        append: async (request) => {
          const answer = await store.append(request);
          if (answer.outcome !== 'id-conflict') return answer;
          return store.append({ ...request, events: request.events.map((event) => ({ ...event, id: randomUUID() })) });
        },
      }),
    caughtBy: [
      'refuses an id that stands in another stream',
      'refuses an append of which only a part is stored, or that names an id twice',
    ],
  },
  {
    what: 'stores the events of an append one by one',
    sabotage: (store) =>
      but(store, {
        append: async (request) => {
          const events: StoredEvent[] = [];
          for (const event of request.events) {
            const answer = await store.append({ ...request, events: [event] });
            if (answer.outcome !== 'stored') return answer;
            events.push(...answer.events);
          }
          return { outcome: 'stored', events };
        },
      }),
    caughtBy: ['stores each of many concurrent appends once, its events side by side'],
  },
  {
    what: 'stops several appends at the first refusal',
    sabotage: (store) =>
      but(store, {
        appendMany: async (requests) => {
          const answers = [];
          for (const request of requests) {
            const answer = await store.append(request);
            answers.push(answer);
            if (answer.outcome === 'wrong-revision') break;
          }
          return answers;
        },
      }),
    caughtBy: ['answers several appends in order, and a refused one skips only itself'],
  },
  {
    what: 'leaves out what is known where only new events were to be stored',
    sabotage: (store) =>
      but(store, {
        appendNew: async (requests) => {
          const answers = await store.appendMany(requests.map((request) => ({ ...request, expected: 'any' })));
          const events = answers.flatMap((answer) => (answer.outcome === 'stored' ? answer.events : []));
          return events.length === answers.length ? events : undefined;
        },
      }),
    caughtBy: ['stores several appends in their order where every id is new, and else none of them'],
  },
  {
    what: 'stores new events stream by stream',
    sabotage: (store) =>
      but(store, {
        appendNew: (requests) =>
          store.appendNew([...requests].sort((one, other) => (one.stream < other.stream ? -1 : 1))),
      }),
    caughtBy: ['stores several appends in their order where every id is new, and else none of them'],
  },
  {
    what: 'reads data late, after its owner went on with it',
    sabotage: (store) =>
      but(store, {
        append: (request) => new Promise<void>((go) => setImmediate(go)).then(() => store.append(request)),
      }),
    caughtBy: ['gives data and metadata back as they were when they were handed over, up to 64 KiB'],
  },
  {
    what: 'stamps with a clock that runs backwards',
    sabotage: (store) =>
      but(store, {
        readAll: async (options) => {
          const page = await store.readAll(options);
          const events = page.events.map((event) => {
            const recordedAt = new Date(1e12 - event.ordinal).toISOString();
            return { ...event, metadata: { ...event.metadata, recordedAt } };
          });
          return { ...page, events };
        },
      }),
    caughtBy: ['stamps when each event was stored, in UTC with milliseconds, never decreasing along the log'],
  },
  {
    what: 'skips the first event of every page but the first',
    sabotage: (store) =>
      but(store, {
        readAll: async (options) => {
          const page = await store.readAll(options);
          return options?.after === undefined ? page : { ...page, events: page.events.slice(1) };
        },
      }),
    caughtBy: [
      'reads the log in the order of the appends, by pages of any size',
      'reads the log from after any position',
    ],
  },
  {
    what: 'repeats the last event of a page of a stream',
    sabotage: (store) =>
      but(store, {
        readStream: async (stream, options) => {
          const page = await store.readStream(stream, options);
          return page.next === undefined ? page : { ...page, next: String(Number(page.next) - 1) };
        },
      }),
    caughtBy: ['reads a stream in order from any revision, by pages'],
  },
  {
    what: 'reads the log where it has no such stream',
    sabotage: (store) =>
      but(store, {
        readStream: async (stream, options) => {
          const page = await store.readStream(stream, options);
          return page.events.length === 0 ? store.readAll() : page;
        },
      }),
    caughtBy: ['reads a stream nobody wrote as empty'],
  },
  {
    what: 'names the events of the first stream only',
    sabotage: (store) => but(store, { ordinalsOf: (streams) => store.ordinalsOf(streams.slice(0, 1)) }),
    caughtBy: ['names the events of several streams by their ordinals, in the order of the log'],
  },
  {
    what: 'names the events of several streams stream by stream',
    sabotage: (store) =>
      but(store, {
        ordinalsOf: async (streams) => {
          const found: number[] = [];
          for (const stream of streams) found.push(...(await store.ordinalsOf([stream])));
          return found;
        },
      }),
    caughtBy: ['names the events of several streams by their ordinals, in the order of the log'],
  },
  {
    what: 'reads the next event where one ordinal is asked for',
    sabotage: (store) => but(store, { readAt: (ordinals) => store.readAt(ordinals.map((one) => one + 1)) }),
    caughtBy: ['reads the events of any ordinals, each once and in their order'],
  },
  {
    what: 'finds the last event where it knows no such id',
    sabotage: (store) => but(store, { findById: async (id) => (await store.findById(id)) ?? (await store.head()) }),
    caughtBy: ['finds an event by its id'],
  },
  {
    what: 'starts over at a position it does not understand',
    sabotage: (store) => but(store, { readAll: (options) => store.readAll(options).catch(() => store.readAll()) }),
    caughtBy: ['refuses a text that is no position and a page of nothing'],
  },
  {
    what: 'skips an event in a subscription',
    sabotage: (store) =>
      withHandlers(store, (handlers) => ({
        ...handlers,
        onEvents: (events) => handlers.onEvents(events.filter(({ ordinal }) => ordinal !== 1)),
      })),
    caughtBy: [
      'hands over the whole log, then says that it has caught up',
      'hands over what comes after any position and nothing before it',
      'hands over each event once and in order while many append',
      'goes on after a close exactly where the last event was handed over, also while many append',
    ],
  },
  {
    what: 'hands an event over twice',
    sabotage: (store) =>
      withHandlers(store, (handlers) => ({
        ...handlers,
        onEvents: (events) =>
          handlers.onEvents(events.flatMap((event) => (event.ordinal === 2 ? [event, event] : [event]))),
      })),
    caughtBy: [
      'hands over what is appended later, once, and says again that it has caught up',
      'hands over each event once and in order while many append',
    ],
  },
  {
    what: 'says that it has caught up before it has handed anything over',
    sabotage: (store) =>
      withHandlers(store, (handlers) => {
        let announced = false;
        return {
          ...handlers,
          onEvents: (events) => {
            if (!announced) handlers.onCaughtUp();
            announced = true;
            return handlers.onEvents(events);
          },
        };
      }),
    caughtBy: ['hands over the whole log, then says that it has caught up'],
  },
  {
    what: 'does not wait for the handler',
    sabotage: (store) =>
      withHandlers(store, (handlers) => ({ ...handlers, onEvents: (events) => void handlers.onEvents(events) })),
    caughtBy: ['waits for the handler before it hands over more'],
  },
  {
    what: 'ignores that a subscription was closed',
    sabotage: (store) =>
      but(store, {
        subscribe: (after, handlers) => {
          store.subscribe(after, handlers);
          return { close: () => Promise.resolve() };
        },
      }),
    caughtBy: ['calls no handler after it was closed'],
  },
  {
    what: 'swallows the failure of a handler',
    sabotage: (store) =>
      withHandlers(store, (handlers) => ({
        ...handlers,
        onEvents: async (events) => {
          await Promise.resolve(handlers.onEvents(events)).catch(() => undefined);
        },
      })),
    caughtBy: ['drops a subscription whose handler fails, and no other'],
  },
  {
    what: 'cuts large texts',
    sabotage: (store) =>
      but(store, {
        append: (request) =>
          store.append({
            ...request,
            events: request.events.map((event) => ({
              ...event,
              data: JSON.parse(JSON.stringify(event.data), (_, value: unknown) =>
                typeof value === 'string' ? value.slice(0, 30_000) : value,
              ) as object,
            })),
          }),
      }),
    caughtBy: ['stores many large events at once and reads them in one page'],
  },
  {
    what: 'reads a stream from its start whatever direction is asked',
    sabotage: (store) =>
      but(store, {
        readStream: (stream, options) => store.readStream(stream, { ...options, backwards: false }),
      }),
    caughtBy: ['reads a stream backwards from its end or from any revision, by pages'],
  },
  {
    what: 'counts the position itself in when it reads backwards',
    sabotage: (store) =>
      but(store, {
        readAll: async (options) => {
          const page = await store.readAll(options);
          if (options?.backwards !== true || options.after === undefined) return page;
          const log = await store.readAll();
          const own = log.events.filter(({ position }) => position === options.after);
          return { ...page, events: [...own, ...page.events].slice(0, options.limit) };
        },
      }),
    caughtBy: ['reads the log backwards from its end or from before any position, by pages'],
  },
  {
    what: 'is always ill',
    sabotage: (store) => but(store, { health: () => ({ ...store.health(), ok: false }) }),
    caughtBy: ['says that it is well while it works, and not that it is broken'],
  },
  {
    what: 'has a tree that is one event late',
    sabotage: (store) =>
      withTree(store, (tree) => ({
        head: async () => {
          const { size } = await tree.head();
          return { size, root: await tree.rootAt(Math.max(0, size - 1)) };
        },
      })),
    caughtBy: ['has the tree head of RFC 6962 over the leaves of its events, from the first event on'],
  },
  {
    what: 'answers the newest root for every size',
    sabotage: (store) => withTree(store, (tree) => ({ rootAt: async () => (await tree.head()).root })),
    caughtBy: ['still knows the root of every earlier size'],
  },
  {
    what: 'gives its proofs from the root down',
    sabotage: (store) =>
      withTree(store, (tree) => ({
        inclusionProof: async (ordinal, size) => (await tree.inclusionProof(ordinal, size)).reverse(),
        consistencyProof: async (earlier, size) => (await tree.consistencyProof(earlier, size)).reverse(),
      })),
    caughtBy: [
      'proves that an event is in the log by the audit path of RFC 6962',
      'proves by RFC 6962 that the log begins with what it was earlier',
    ],
  },
  {
    what: 'proves something of a size it has not reached',
    sabotage: (store) =>
      withTree(store, (tree) => ({
        rootAt: (size) => tree.rootAt(size).catch(() => tree.rootAt(0)),
        inclusionProof: (ordinal, size) => tree.inclusionProof(ordinal, size).catch(() => []),
        consistencyProof: (earlier, size) => tree.consistencyProof(earlier, size).catch(() => []),
      })),
    caughtBy: [
      'still knows the root of every earlier size',
      'proves that an event is in the log by the audit path of RFC 6962',
      'proves by RFC 6962 that the log begins with what it was earlier',
    ],
  },
];

/** The same store with some methods of another's making. */
function but(store: EventStore, changed: Partial<EventStore>): EventStore {
  return {
    logId: store.logId,
    append: (request) => store.append(request),
    appendMany: (requests) => store.appendMany(requests),
    appendNew: (requests) => store.appendNew(requests),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    readAt: (ordinals) => store.readAt(ordinals),
    ordinalsOf: (streams) => store.ordinalsOf(streams),
    findById: (id) => store.findById(id),
    head: () => store.head(),
    subscribe: (after, handlers) => store.subscribe(after, handlers),
    tree: store.tree,
    health: () => store.health(),
    broken: store.broken,
    close: () => store.close(),
    ...changed,
  };
}

function withTree(store: EventStore, change: (tree: LogTree) => Partial<LogTree>): EventStore {
  const { tree } = store;
  const whole: LogTree = {
    head: () => tree.head(),
    rootAt: (size) => tree.rootAt(size),
    inclusionProof: (ordinal, size) => tree.inclusionProof(ordinal, size),
    consistencyProof: (earlier, size) => tree.consistencyProof(earlier, size),
  };
  return but(store, { tree: { ...whole, ...change(tree) } });
}

function withHandlers(store: EventStore, change: (handlers: SubscriptionHandlers) => SubscriptionHandlers): EventStore {
  return but(store, { subscribe: (after, handlers) => store.subscribe(after, change(handlers)) });
}

function pretended(
  event: { readonly id: string; readonly type: string; readonly data: object },
  stream: string,
  revision: number,
): StoredEvent {
  const metadata = { source: '', sourceId: '', schemaVersion: 1, time: '', recordedAt: '' };
  return { ...event, stream, metadata, revision, position: String(revision), ordinal: revision };
}
