import assert from 'node:assert/strict';
import type { ActualNeighbour } from '../../src/drivers/switch/switch.port.js';
import {
  address,
  expectFailure,
  expectHeld,
  otherMac,
  remove,
  set,
  spelt,
  type SwitchCheck,
  v4,
  v6,
} from './switch-driver.check.js';

/** What every switch driver promises of its entries. */
export const entryChecks: readonly SwitchCheck[] = [
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
      await remove(harness.driver, v4(first), v6(first));
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
      await remove(harness.driver, entry);
      await remove(harness.driver, entry);
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
      await remove(harness.driver, v4(first));
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
      await expectFailure(harness, set(harness.driver, { ...foreign, mac: otherMac }, v6(second)), 'refused');
      await expectFailure(harness, remove(harness.driver, foreign), 'refused');
      await expectHeld(harness, [foreign, v6(second)]);
    },
  },
  {
    name: 'adopts a foreign entry by order, where it can at all: from then on it is ours, and nothing else changed',
    async run(harness) {
      const { driver } = harness;
      if (driver.adopt === undefined) return;
      const [first, second] = harness.interfaces;
      const foreign = v4(first);
      const other = v4(second, 17);
      await harness.handSet(foreign);
      await harness.handSet(other);
      await expectFailure(harness, driver.adopt({ ...foreign, mac: otherMac }), 'refused');
      await driver.adopt(foreign);
      const state = await expectHeld(harness, [foreign, other]);
      assert.deepEqual(
        state.neighbours.map((entry) => [entry.interface, entry.ours]).sort(),
        [
          [first, true],
          [second, false],
        ].sort(),
      );
      await remove(driver, foreign);
      await expectHeld(harness, [other]);
    },
  },
  {
    name: 'refuses an interface it was not given, and carries out the other changes',
    async run(harness) {
      const [first] = harness.interfaces;
      await expectFailure(harness, set(harness.driver, { ...v4(first), interface: 'not-given' }, v6(first)), 'refused');
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
    name: 'carries out a batch in its order, to the last line',
    async run(harness) {
      const [first, second] = harness.interfaces;
      const many = Array.from({ length: 60 }, (_, index) => v4(index % 2 === 0 ? first : second, index + 101));
      await harness.driver.apply([
        ...many.map((entry) => ({ change: 'set' as const, entry: { ...entry, mac: otherMac } })),
        { change: 'set', entry: v4(first) },
        ...many.map((entry) => ({ change: 'set' as const, entry })),
        { change: 'remove', entry: v4(first) },
        { change: 'set', entry: v6(second) },
      ]);
      await expectHeld(harness, [...many, v6(second)]);
    },
  },
  {
    name: 'reads single places as it reads the whole, where it can',
    async run(harness) {
      const [first, second] = harness.interfaces;
      const foreign = v4(first, 77);
      await harness.handSet(foreign);
      await set(harness.driver, v4(first), v6(first), v6(second));
      await harness.handSet({ ...v6(first), mac: otherMac });
      const state = await expectHeld(harness, [v4(first), { ...v6(first), mac: otherMac }, v6(second), foreign]);
      if (harness.driver.readAt === undefined) return;
      const places = [v6(first), foreign, v4(first, 200), { ...v4(first), interface: 'not-given' }];
      const spellAll = (entries: readonly ActualNeighbour[]): string[] =>
        entries.map((entry) => `${spelt([entry])[0]} ${entry.ours}`).sort();
      const expected = state.neighbours.filter(({ address: one, interface: name }) =>
        places.some((place) => place.address === one && place.interface === name),
      );
      assert.deepEqual(spellAll(await harness.driver.readAt(places)), spellAll(expected));
    },
  },
  {
    name: 'declares each limit once, with a reason somebody can judge',
    run({ driver }) {
      assert.equal(new Set(driver.limits.map(({ promise }) => promise)).size, driver.limits.length);
      assert.ok(driver.limits.every(({ reason }) => reason.length > 20));
      return Promise.resolve();
    },
  },
];
