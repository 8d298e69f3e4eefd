import assert from 'node:assert/strict';
import type { BgpDriver, BgpState, Route } from '../../src/drivers/bgp/bgp.port.js';
import { routeKey } from '../../src/drivers/bgp/bgp.port.js';
import { attributesOf } from '../../src/drivers/bgp/communities.js';
import { DeviceError, type DeviceErrorCode } from '../../src/drivers/switch/switch.port.js';

/** A BGP driver on a daemon that a check may put its hands on. It starts without routes of ours. */
export interface BgpHarness {
  readonly driver: BgpDriver;
  /** Two IPv6 routes on two interfaces and an IPv4 one on the first; both interfaces have carrier. */
  readonly routes: readonly [Route, Route, Route];
  /** How long a change may take to reach the upstream, in ms. */
  readonly patienceMs: number;
  /** What an upstream router hears from the daemon now: `destination med communities`. */
  announced(): Promise<readonly string[]>;
  setCarrier(interfaceName: string, up: boolean): Promise<void>;
  /** Somebody takes the latest change back at the daemon. */
  undo(): Promise<void>;
  /** The daemon is ended, or started again with what its files say. */
  setRunning(running: boolean): Promise<void>;
  /** From now on the daemon refuses every configuration, or no longer does. */
  setRefusing(refusing: boolean): Promise<void>;
  /** From now on the daemon says that it loads a configuration, and does not; a reason where it cannot be made to lie. */
  readonly setLying: ((lying: boolean) => Promise<void>) | { readonly cannot: string };
  /** A driver of a new process on the same daemon. */
  restarted(): BgpDriver;
}

/** One promise. Checks that need a harness that can lie are told so. */
export interface BgpCheck {
  readonly name: string;
  readonly needsLying?: true;
  readonly run: (harness: BgpHarness) => Promise<void>;
}

const logId = '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11';
const stamp = (ordinal: number): { logId: string; ordinal: number } => ({ logId, ordinal });

const spell = (route: Route): string => `${routeKey(route).split(' ')[0]} ${attributesOf(route)}`.trim();
const spelt = (routes: readonly Route[]): string[] => routes.map(spell).sort();

async function waitFor(harness: BgpHarness, what: string, holds: () => Promise<boolean>): Promise<void> {
  const give = performance.now() + harness.patienceMs;
  while (!(await holds())) {
    if (performance.now() > give) assert.fail(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The upstream hears exactly these, and the driver says the same. */
async function expectAnnounced(harness: BgpHarness, routes: readonly Route[]): Promise<BgpState> {
  const wanted = spelt(routes).join('; ');
  await waitFor(harness, `the upstream hears ${wanted || 'nothing'}`, async () => {
    const heard = [...(await harness.announced())].sort().join('; ');
    return heard === wanted;
  });
  const state = await harness.driver.read();
  assert.deepEqual(spelt(state.owned), spelt(routes), 'what the driver reads');
  assert.deepEqual([...state.inTable].sort(), routes.map(routeKey).sort(), 'what the driver reads in the table');
  return state;
}

async function expectError(work: Promise<unknown>, code: DeviceErrorCode): Promise<void> {
  await assert.rejects(work, (error) => error instanceof DeviceError && error.code === code);
}

/** What every BGP driver promises. */
export const bgpDriverChecks: readonly BgpCheck[] = [
  {
    name: 'announces both families with MED and communities, and reads them back',
    async run(harness) {
      const [first, second, host] = harness.routes;
      const tagged = { ...first, med: 50, communities: [[64512, 1, 2] as const, [64512, 100] as const] };
      const routes = [tagged, second, { ...host, communities: [[64512, 7] as const] }];
      await harness.driver.setRoutes(routes, stamp(1));
      await expectAnnounced(harness, routes);
    },
  },
  {
    name: 'withdraws what is no longer wanted, and it is gone upstream',
    async run(harness) {
      const [first, second, host] = harness.routes;
      await harness.driver.setRoutes(harness.routes, stamp(1));
      await expectAnnounced(harness, harness.routes);
      await harness.driver.setRoutes([second], stamp(2));
      await expectAnnounced(harness, [second]);
      await harness.driver.setRoutes([first, host], stamp(3));
      await expectAnnounced(harness, [first, host]);
      await harness.driver.setRoutes([], stamp(4));
      await expectAnnounced(harness, []);
    },
  },
  {
    name: 'changes a MED alone, and a community alone',
    async run(harness) {
      const [route] = harness.routes;
      for (const changed of [route, { ...route, med: 4_294_967_295 }, { ...route, communities: [[1, 2] as const] }]) {
        await harness.driver.setRoutes([changed], stamp(1));
        await expectAnnounced(harness, [changed]);
      }
    },
  },
  {
    name: 'takes the same set twice, in whatever order',
    async run(harness) {
      await harness.driver.setRoutes(harness.routes, stamp(1));
      await harness.driver.setRoutes([...harness.routes].reverse(), stamp(1));
      await expectAnnounced(harness, harness.routes);
    },
  },
  {
    name: 'goes silent with the carrier by itself and keeps the route, which comes back with the carrier',
    async run(harness) {
      const [first, second, host] = harness.routes;
      await harness.driver.setRoutes(harness.routes, stamp(1));
      await expectAnnounced(harness, harness.routes);
      await harness.setCarrier(first.interface, false);
      await waitFor(harness, 'only the other interface is announced', async () => {
        return (await harness.announced()).join() === spelt([second]).join();
      });
      const state = await harness.driver.read();
      assert.deepEqual(spelt(state.owned), spelt(harness.routes));
      assert.deepEqual([...state.inTable], [routeKey(second)]);
      await harness.setCarrier(first.interface, true);
      await expectAnnounced(harness, [first, second, host]);
    },
  },
  {
    name: 'reads what somebody took back at the daemon, and puts it there again',
    async run(harness) {
      const [first, second] = harness.routes;
      await harness.driver.setRoutes([first], stamp(1));
      await harness.driver.setRoutes([first, second], stamp(2));
      await expectAnnounced(harness, [first, second]);
      await harness.undo();
      await expectAnnounced(harness, [first]);
      await harness.driver.setRoutes([first, second], stamp(2));
      await expectAnnounced(harness, [first, second]);
    },
  },
  {
    name: 'reads the same after a restart of the engine, stamp included',
    async run(harness) {
      await harness.driver.setRoutes(harness.routes, stamp(41));
      await expectAnnounced(harness, harness.routes);
      const state = await harness.restarted().read();
      assert.deepEqual(spelt(state.owned), spelt(harness.routes));
      assert.deepEqual(state.stamp, stamp(41));
      await harness.driver.setRoutes(harness.routes, stamp(42));
      assert.deepEqual((await harness.restarted().read()).stamp, stamp(42));
    },
  },
  {
    name: 'refuses two routes of one destination and values out of range, and changes nothing',
    async run(harness) {
      const [first, second] = harness.routes;
      await harness.driver.setRoutes([first], stamp(1));
      const odd: Route[][] = [
        [second, { ...second, interface: first.interface }],
        [{ ...second, med: -1 }],
        [{ ...second, med: 4_294_967_296 }],
        [{ ...second, communities: [[65_536, 1]] }],
        [{ ...second, communities: [[1, 2, 4_294_967_296]] }],
        [{ ...second, interface: 'vlan1"; } #' }],
      ];
      for (const routes of odd) await expectError(harness.driver.setRoutes([first, ...routes], stamp(2)), 'refused');
      await expectAnnounced(harness, [first]);
    },
  },
  {
    name: 'says that the daemon does not run, changes nothing meanwhile, and goes on when it runs again',
    async run(harness) {
      const [first, second] = harness.routes;
      await harness.driver.setRoutes([first], stamp(1));
      await expectAnnounced(harness, [first]);
      await harness.setRunning(false);
      await expectError(harness.driver.setRoutes([second], stamp(2)), 'unreachable');
      await expectError(harness.driver.read(), 'unreachable');
      await harness.setRunning(true);
      await expectAnnounced(harness, [first]);
      await harness.driver.setRoutes([second], stamp(3));
      await expectAnnounced(harness, [second]);
    },
  },
  {
    name: 'says what the daemon refuses, leaves what was there, and goes on when it takes it again',
    async run(harness) {
      const [first, second] = harness.routes;
      await harness.driver.setRoutes([first], stamp(1));
      await harness.setRefusing(true);
      await expectError(harness.driver.setRoutes([second], stamp(2)), 'refused');
      await harness.setRefusing(false);
      await expectAnnounced(harness, [first]);
      await harness.driver.setRoutes([second], stamp(3));
      await expectAnnounced(harness, [second]);
    },
  },
  {
    name: 'does not take the word of a daemon that says it loaded what it did not',
    needsLying: true,
    async run(harness) {
      const [first, second] = harness.routes;
      if (!(harness.setLying instanceof Function)) assert.fail(harness.setLying.cannot);
      await harness.driver.setRoutes([first], stamp(1));
      await expectAnnounced(harness, [first]);
      await harness.setLying(true);
      await expectError(harness.driver.setRoutes([first, second], stamp(2)), 'rolled-back');
      await expectError(harness.driver.setRoutes([], stamp(2)), 'rolled-back');
      await expectError(harness.driver.setRoutes([{ ...first, med: 9 }], stamp(2)), 'rolled-back');
      await expectAnnounced(harness, [first]);
      await harness.setLying(false);
      await harness.driver.setRoutes([second], stamp(3));
      await expectAnnounced(harness, [second]);
    },
  },
];
