import type { StoredEvent } from '../../events/index.js';
import type { EventStore, Subscription } from '../../src/event-store/event-store.port.js';
import { eventually, idsOf, newEvents, type StoreCheck, stored, wholeLog } from './event-store.check.js';

export const subscriptionChecks: readonly StoreCheck[] = [
  {
    name: 'hands over the whole log, then says that it has caught up',
    async run(store) {
      for (let round = 0; round < 3; round++) await stored(store, `server-${round}`, newEvents(900));
      const log = await wholeLog(store);
      const listener = listen(store, undefined);
      await eventually(() => listener.caughtUpAt.length > 0, 'the subscription catches up');
      await listener.subscription.close();
      expect(listener.seen).toEqual(log);
      expect(listener.caughtUpAt[0]).toBe(log.length);
    },
  },
  {
    name: 'hands over what comes after any position and nothing before it',
    async run(store) {
      const log = await stored(store, 'server-a', newEvents(5));
      for (const [index, { position }] of log.entries()) {
        const listener = listen(store, position);
        await eventually(() => listener.caughtUpAt.length > 0, `the subscription after event ${index} catches up`);
        await listener.subscription.close();
        expect(idsOf(listener.seen)).toEqual(idsOf(log.slice(index + 1)));
      }
    },
  },
  {
    name: 'hands over what is appended later, once, and says again that it has caught up',
    async run(store) {
      const listener = listen(store, undefined);
      await eventually(() => listener.caughtUpAt.length > 0, 'the subscription to an empty log catches up');
      const first = await stored(store, 'server-a', newEvents(2));
      await eventually(
        () => (listener.caughtUpAt.at(-1) ?? 0) >= 2,
        'the subscription catches up with the first append',
      );
      const second = await stored(store, 'server-b', newEvents(1));
      await eventually(
        () => (listener.caughtUpAt.at(-1) ?? 0) >= 3,
        'the subscription catches up with the second append',
      );
      await listener.subscription.close();
      expect(listener.seen).toEqual([...first, ...second]);
    },
  },
  {
    name: 'hands over each event once and in order while many append',
    async run(store) {
      await stored(store, 'server-a', newEvents(1500));
      const quick = listen(store, undefined);
      const slow = listen(store, undefined, () => new Promise((resolve) => setTimeout(resolve, 3)));
      const late: Listener[] = [];
      await Promise.all(
        Array.from({ length: 8 }, async (_, writer) => {
          for (let round = 0; round < 15; round++) {
            await stored(store, `server-${writer}`, newEvents(1 + (round % 20)));
            if (round === 7) late.push(listen(store, undefined));
          }
        }),
      );
      const log = await wholeLog(store);
      for (const listener of [quick, slow, ...late]) {
        await eventually(() => listener.seen.at(-1)?.id === log.at(-1)?.id, 'a subscription reaches the last event');
        await listener.subscription.close();
        expect(idsOf(listener.seen)).toEqual(idsOf(log));
      }
    },
  },
  {
    name: 'waits for the handler before it hands over more',
    async run(store) {
      await stored(store, 'server-a', newEvents(1200));
      let running = 0;
      let mostRunning = 0;
      let free: () => void = () => {};
      const appended = new Promise<void>((resolve) => (free = resolve));
      const listener = listen(store, undefined, async () => {
        mostRunning = Math.max(mostRunning, ++running);
        await appended;
        await new Promise((resolve) => setTimeout(resolve, 10));
        running--;
      });
      for (let round = 0; round < 10; round++) await stored(store, 'server-a', newEvents(1));
      const witness = listen(store, undefined);
      await eventually(() => witness.seen.length === 1210, 'another subscription has all there is');
      await witness.subscription.close();
      free();
      await eventually(() => listener.caughtUpAt.at(-1) === 1210, 'the subscription catches up');
      await listener.subscription.close();
      expect(mostRunning).toBe(1);
    },
  },
  {
    name: 'calls no handler after it was closed',
    async run(store) {
      await stored(store, 'server-a', newEvents(1));
      const listener = listen(store, undefined);
      const witness = listen(store, undefined);
      await eventually(() => listener.caughtUpAt.length > 0, 'the subscription catches up');
      await listener.subscription.close();
      await stored(store, 'server-a', newEvents(1));
      await eventually(() => witness.seen.length === 2, 'the other subscription sees the second event');
      await witness.subscription.close();
      expect(listener.seen).toHaveLength(1);
      expect(listener.dropped).toEqual([]);
    },
  },
  {
    name: 'goes on after a close exactly where the last event was handed over, also while many append',
    async run(store) {
      const seen: string[] = [];
      let position: string | undefined;
      let appending = true;
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let round = 0; round < 12; round++) await stored(store, `server-${writer}`, newEvents(1 + (round % 7)));
      });
      const done = Promise.all(writers).finally(() => (appending = false));
      const part = async (most: number): Promise<void> => {
        const listener = listen(store, position);
        await eventually(
          () => listener.seen.length >= most || (!appending && listener.caughtUpAt.at(-1) === listener.seen.length),
          `the subscription sees ${most} more or the end`,
        );
        await listener.subscription.close();
        seen.push(...idsOf(listener.seen));
        position = listener.seen.at(-1)?.position ?? position;
      };
      for (let round = 0; round < 20; round++) await part(9);
      await done;
      await part(Infinity);
      expect(seen).toEqual(idsOf(await wholeLog(store)));
    },
  },
  {
    name: 'drops a subscription whose handler fails, and no other',
    async run(store) {
      const failing = listen(store, undefined, () => Promise.reject(new Error('the handler failed')));
      const healthy = listen(store, undefined);
      await stored(store, 'server-a', newEvents(1));
      await eventually(() => failing.dropped.length > 0, 'the failing subscription is dropped');
      await stored(store, 'server-a', newEvents(1));
      await eventually(() => healthy.seen.length === 2, 'the healthy subscription sees both events');
      await healthy.subscription.close();
      expect(failing.dropped.map(({ message }) => message)).toEqual(['the handler failed']);
      expect(failing.seen).toHaveLength(1);
    },
  },
];

interface Listener {
  readonly subscription: Subscription;
  readonly seen: StoredEvent[];
  /** How many events had been seen at each caught-up signal. */
  readonly caughtUpAt: number[];
  readonly dropped: Error[];
}

function listen(store: EventStore, after: string | undefined, handle?: () => Promise<void>): Listener {
  const seen: StoredEvent[] = [];
  const caughtUpAt: number[] = [];
  const dropped: Error[] = [];
  const subscription = store.subscribe(after, {
    onEvents: (events) => {
      seen.push(...events);
      return handle?.();
    },
    onCaughtUp: () => caughtUpAt.push(seen.length),
    onDropped: (error) => dropped.push(error),
  });
  return { subscription, seen, caughtUpAt, dropped };
}
