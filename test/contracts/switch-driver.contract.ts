import assert from 'node:assert/strict';
import { type IpAddress, type MacAddress, parseIp, parseMac } from '../../events/index.js';
import {
  DeviceError,
  type NeighbourEntry,
  type SwitchDriver,
  type SwitchState,
} from '../../src/drivers/switch/switch.port.js';

/** A device under test: the driver, and hands that touch the device without it. */
export interface SwitchHarness {
  readonly driver: SwitchDriver;
  /** Two interfaces the driver manages; both are up and without carrier at the start of a check. */
  readonly interfaces: readonly [string, string];
  /** What the device holds now, read without the driver: every permanent entry on the managed interfaces. */
  inspect(): Promise<readonly NeighbourEntry[]>;
  /** Somebody types a permanent entry at the device. */
  handSet(entry: NeighbourEntry): Promise<void>;
  handRemove(entry: NeighbourEntry): Promise<void>;
  setCarrier(interfaceName: string, up: boolean): Promise<void>;
  setAdmin(interfaceName: string, up: boolean): Promise<void>;
  /** A second driver for the same device, as after a restart of the engine. */
  restarted(): SwitchDriver;
  close(): Promise<void>;
}

export interface SwitchCheck {
  /** The rule, in the present tense. */
  readonly name: string;
  readonly run: (harness: SwitchHarness) => Promise<void>;
}

const address = (text: string): IpAddress => parseIp(text) ?? assert.fail(text);
const mac = (text: string): MacAddress => parseMac(text) ?? assert.fail(text);

const v4 = (on: string): NeighbourEntry => ({
  interface: on,
  address: address('198.51.100.16'),
  mac: mac('52:54:00:00:00:16'),
});
const v6 = (on: string): NeighbourEntry => ({
  interface: on,
  address: address('fe80::5054:ff:fe00:16'),
  mac: mac('52:54:00:00:00:16'),
});
const otherMac = mac('52:54:00:00:00:99');

const spell = (entry: NeighbourEntry): string => `${entry.interface} ${entry.address} ${entry.mac}`;
const spelt = (entries: readonly NeighbourEntry[]): string[] => entries.map(spell).sort();

async function set(driver: SwitchDriver, ...entries: NeighbourEntry[]): Promise<void> {
  await driver.apply(entries.map((entry) => ({ change: 'set', entry })));
}

/** The device holds exactly these, and the driver says the same. */
async function expectHeld(harness: SwitchHarness, entries: readonly NeighbourEntry[]): Promise<SwitchState> {
  assert.deepEqual(spelt(await harness.inspect()), spelt(entries), 'what the device holds');
  const state = await harness.driver.read();
  assert.deepEqual(spelt(state.neighbours), spelt(entries), 'what the driver reads');
  return state;
}

async function expectRefused(work: Promise<void>): Promise<void> {
  await assert.rejects(work, (error) => error instanceof DeviceError && error.code === 'refused');
}

async function waitFor(what: string, holds: () => boolean): Promise<void> {
  for (let look = 0; look < 300 && !holds(); look++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds(), what);
}

/** What every switch driver promises; each check starts on a device without entries on its interfaces. */
export const switchDriverChecks: readonly SwitchCheck[] = [
  {
    name: 'puts entries of both families on the device and reads them back as ours',
    async run(harness) {
      const [first, second] = harness.interfaces;
      const entries = [v4(first), v6(first), v6(second)];
      await set(harness.driver, ...entries);
      const state = await expectHeld(harness, entries);
      assert.ok(state.neighbours.every(({ ours }) => ours));
    },
  },
  {
    name: 'changes the MAC of an entry and leaves no second one',
    async run(harness) {
      const entry = v6(harness.interfaces[0]);
      await set(harness.driver, entry);
      await set(harness.driver, { ...entry, mac: otherMac });
      await expectHeld(harness, [{ ...entry, mac: otherMac }]);
    },
  },
  {
    name: 'removes an entry from the device and keeps the others',
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first), v6(second));
      await harness.driver.apply([
        { change: 'remove', entry: v4(first) },
        { change: 'remove', entry: v6(first) },
      ]);
      await expectHeld(harness, [v6(second)]);
    },
  },
  {
    name: 'takes the same change twice without complaint',
    async run(harness) {
      const entry = v4(harness.interfaces[0]);
      await set(harness.driver, entry);
      await set(harness.driver, entry);
      await expectHeld(harness, [entry]);
      await harness.driver.apply([{ change: 'remove', entry }]);
      await harness.driver.apply([{ change: 'remove', entry }]);
      await expectHeld(harness, []);
    },
  },
  {
    name: 'shows a foreign entry as foreign and leaves it alone while others change',
    async run(harness) {
      const [first] = harness.interfaces;
      const foreign = { ...v4(first), address: address('198.51.100.77') };
      await harness.handSet(foreign);
      await set(harness.driver, v4(first), v6(first));
      await harness.driver.apply([{ change: 'remove', entry: v4(first) }]);
      const state = await expectHeld(harness, [foreign, v6(first)]);
      const shown = state.neighbours.find((entry) => entry.address === foreign.address);
      assert.equal(shown?.ours, false);
    },
  },
  {
    name: 'refuses to change or remove a foreign entry, and carries out the other changes',
    async run(harness) {
      const [first, second] = harness.interfaces;
      const foreign = v4(first);
      await harness.handSet(foreign);
      await expectRefused(set(harness.driver, { ...foreign, mac: otherMac }, v6(second)));
      await expectRefused(harness.driver.apply([{ change: 'remove', entry: foreign }]));
      await expectHeld(harness, [foreign, v6(second)]);
    },
  },
  {
    name: 'refuses an interface it was not given, and carries out the other changes',
    async run(harness) {
      const [first] = harness.interfaces;
      await expectRefused(set(harness.driver, { ...v4(first), interface: 'not-given' }, v6(first)));
      await expectHeld(harness, [v6(first)]);
    },
  },
  {
    name: 'reads an entry that somebody removed by hand as gone',
    async run(harness) {
      const [first] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first));
      await harness.handRemove(v4(first));
      await expectHeld(harness, [v6(first)]);
    },
  },
  {
    name: 'reads a MAC that somebody changed by hand',
    async run(harness) {
      const entry = v4(harness.interfaces[0]);
      await set(harness.driver, entry);
      await harness.handSet({ ...entry, mac: otherMac });
      await expectHeld(harness, [{ ...entry, mac: otherMac }]);
    },
  },
  {
    name: 'keeps entries when the carrier goes and comes, and reads the carrier both times',
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first));
      await harness.setCarrier(first, true);
      let state = await expectHeld(harness, [v4(first), v6(first)]);
      assert.deepEqual([state.interfaces.get(first)?.carrier, state.interfaces.get(second)?.carrier], [true, false]);
      await harness.setCarrier(first, false);
      state = await expectHeld(harness, [v4(first), v6(first)]);
      assert.equal(state.interfaces.get(first)?.carrier, false);
      assert.equal(state.interfaces.get(first)?.adminUp, true);
    },
  },
  {
    name: 'reads what an interface that went down has lost, and takes the entries again when it is up',
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v6(first), v6(second));
      await harness.setAdmin(first, false);
      const state = await expectHeld(harness, [v6(second)]);
      assert.equal(state.interfaces.get(first)?.adminUp, false);
      assert.equal(state.interfaces.get(first)?.carrier, false);
      await harness.setAdmin(first, true);
      await set(harness.driver, v6(first));
      await expectHeld(harness, [v6(first), v6(second)]);
    },
  },
  {
    name: 'reads the same device after a restart, stamp included',
    async run(harness) {
      assert.equal((await harness.driver.read()).stamp, undefined);
      const stamp = { logId: '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11', ordinal: 41 };
      await set(harness.driver, v4(harness.interfaces[0]));
      await harness.driver.writeStamp({ ...stamp, ordinal: -1 });
      await harness.driver.writeStamp(stamp);
      assert.deepEqual((await harness.driver.read()).stamp, stamp);
      const restarted = harness.restarted();
      const state = await restarted.read();
      assert.deepEqual(state.stamp, stamp);
      assert.deepEqual(spelt(state.neighbours), spelt([v4(harness.interfaces[0])]));
      assert.ok(state.neighbours.every(({ ours }) => ours));
    },
  },
  {
    name: 'hints at an interface whose carrier changed or that went down',
    async run(harness) {
      const [first, second] = harness.interfaces;
      const hints: (string | undefined)[] = [];
      const named = (name: string) => () => hints.includes(name) || hints.includes(undefined);
      harness.driver.watch((name) => hints.push(name));
      await harness.setCarrier(second, true);
      await waitFor('a hint after carrier', named(second));
      // From here on every hint must name the interface: the start of watching is over.
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const [act, name] of [
        [() => harness.setCarrier(first, true), first],
        [() => harness.setAdmin(second, false), second],
      ] as const) {
        hints.length = 0;
        await act();
        await waitFor(`a hint that names ${name}`, () => hints.includes(name));
      }
    },
  },
];
