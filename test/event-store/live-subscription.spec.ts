import fc from '../support/property.js';
import type { StoredEvent } from '../../events/index.js';
import { LiveSubscription } from '../../src/event-store/live-subscription.js';
import { eventually } from '../contracts/event-store.check.js';

const metadata = { source: '', sourceId: '', schemaVersion: 1, time: '', recordedAt: '' };
const eventAt = (ordinal: number): StoredEvent => ({
  ...{ id: `event-${ordinal}`, stream: 's', type: 'LinkUp', data: {}, metadata },
  ...{ revision: ordinal, position: String(ordinal), ordinal },
});

/** A log in memory, where a commit can be read before, at, or without its announcement. */
function subscribedTo(count: number, handle: (events: readonly StoredEvent[]) => void | Promise<void> = () => {}) {
  const log = Array.from({ length: count }, (_, ordinal) => eventAt(ordinal));
  const seen: number[] = [];
  const reads: number[] = [];
  let caughtUp = 0;
  const subscription = new LiveSubscription(
    0,
    (from, limit) => {
      reads.push(from);
      return log.slice(from, from + limit);
    },
    {
      onEvents: (events) => {
        seen.push(...events.map(({ ordinal }) => ordinal));
        return handle(events);
      },
      onCaughtUp: () => caughtUp++,
      onDropped: () => {},
    },
    () => {},
  );
  const store = (many: number): StoredEvent[] => {
    const fresh = Array.from({ length: many }, (_, index) => eventAt(log.length + index));
    log.push(...fresh);
    return fresh;
  };
  const wholeLogSeen = (): void => expect(seen).toEqual(log.map(({ ordinal }) => ordinal));
  return { subscription, seen, reads, store, wholeLogSeen, caughtUp: () => caughtUp };
}

describe('a live subscription', () => {
  it('hands committed events over at once, without reading the log again', async () => {
    const { subscription, reads, store, wholeLogSeen, caughtUp } = subscribedTo(3);
    subscription.wake();
    await eventually(() => caughtUp() === 1, 'it catches up');
    subscription.committed(store(2));
    wholeLogSeen();
    expect(caughtUp()).toBe(2);
    expect(reads).toEqual([0]);
  });

  it('does not hand over again what it had read before the commit was announced', async () => {
    const { subscription, store, wholeLogSeen, caughtUp } = subscribedTo(3);
    const early = store(2);
    subscription.wake();
    await eventually(() => caughtUp() === 1, 'it catches up');
    subscription.committed(early);
    subscription.committed([...early.slice(1), ...store(1)]);
    wholeLogSeen();
  });

  it('reads the log where an announcement leaves a gap', async () => {
    const { subscription, store, wholeLogSeen, caughtUp } = subscribedTo(3);
    subscription.wake();
    await eventually(() => caughtUp() === 1, 'it catches up');
    store(2);
    subscription.committed(store(1));
    await eventually(() => caughtUp() === 2, 'it catches up again');
    wholeLogSeen();
  });

  it('keeps no more than a bounded number of events for a slow handler, and loses none', async () => {
    let free: () => void = () => {};
    const { subscription, reads, store, wholeLogSeen, caughtUp } = subscribedTo(1, (events) =>
      events[0]?.ordinal === 1 ? new Promise((resolve) => (free = resolve)) : undefined,
    );
    subscription.wake();
    await eventually(() => caughtUp() === 1, 'it catches up');
    for (let count = 0; count < 110; count++) subscription.committed(store(count === 0 ? 1 : 100));
    free();
    await eventually(() => caughtUp() === 2, 'it catches up again');
    wholeLogSeen();
    expect(reads.slice(0, 2)).toEqual([0, 2]);
  });

  it('lets other work run between the pages of a long catch-up', async () => {
    let turns = 0;
    const ticking = setInterval(() => turns++, 0);
    const { subscription, caughtUp } = subscribedTo(20_000, () => {
      const end = performance.now() + 2;
      while (performance.now() < end);
    });
    subscription.wake();
    await eventually(() => caughtUp() === 1, 'it catches up');
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(2);
  });

  it('misses nothing that is committed while a page is on its way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), async (turns) => {
        const log: StoredEvent[] = [];
        const seen: number[] = [];
        const subscription = new LiveSubscription(
          0,
          async (from, limit) => {
            const page = log.slice(from, from + limit);
            for (let turn = 0; turn < turns.length % 4; turn++) await Promise.resolve();
            return page;
          },
          {
            onEvents: (events) => void seen.push(...events.map(({ ordinal }) => ordinal)),
            onCaughtUp: () => {},
            onDropped: () => {},
          },
          () => {},
        );
        subscription.wake();
        for (const pause of turns) {
          const event = eventAt(log.length);
          log.push(event);
          subscription.committed([event]);
          for (let turn = 0; turn < pause; turn++) await Promise.resolve();
        }
        await eventually(() => seen.length === log.length, 'the subscription hands over the whole log');
        expect(seen).toEqual(log.map(({ ordinal }) => ordinal));
        await subscription.close();
      }),
      { numRuns: 300 },
    );
  });
});
