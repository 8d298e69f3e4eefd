import assert from 'node:assert/strict';
import { DeviceError, type NeighbourChange } from '../../src/drivers/switch/switch.port.js';
import {
  expectFailure,
  expectHeld,
  expectTruth,
  needed,
  otherMac,
  readSoon,
  remove,
  set,
  setSoon,
  spelt,
  type SwitchCheck,
  v4,
  v6,
} from './switch-driver.check.js';

/** What a switch driver promises of a device that is in trouble. */
export const troubleChecks: readonly SwitchCheck[] = [
  {
    name: 'reads what a device holds after it restarted, and puts back what it lost',
    needs: ['reboot'],
    async run(harness) {
      const [first, second] = harness.interfaces;
      const stamp = { logId: '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11', ordinal: 7 };
      await set(harness.driver, v4(first), v6(first), v6(second));
      await harness.driver.writeStamp(stamp);
      await needed(harness, 'reboot')();
      const state = await expectTruth(harness);
      assert.ok(state.stamp === undefined || state.stamp.ordinal === stamp.ordinal, 'a stamp of its own, or none');
      await set(harness.driver, v4(first), v6(first), v6(second));
      const after = await expectHeld(harness, [v4(first), v6(first), v6(second)]);
      assert.ok(after.neighbours.every(({ ours }) => ours));
    },
  },
  {
    name: 'says that a device died in the middle of a push, reads what it holds, and completes by the same push again',
    needs: ['half-applied'],
    async run(harness) {
      const [first, second] = harness.interfaces;
      const old = v4(second, 90);
      await set(harness.driver, old);
      const wanted = [v4(first), v6(first), v4(second, 17), v6(second), v4(first, 18)];
      const push: NeighbourChange[] = [
        ...wanted.map((entry) => ({ change: 'set' as const, entry })),
        { change: 'remove', entry: old },
      ];
      const mend = await needed(harness, 'dieAfter')(3);
      await expectFailure(harness, harness.driver.apply(push));
      await mend();
      const half = await expectTruth(harness);
      const allowed = new Set(spelt([...wanted, old]));
      assert.ok(
        spelt(half.neighbours).every((line) => allowed.has(line)),
        'nothing that was not asked for',
      );
      assert.notDeepEqual(spelt(half.neighbours), spelt(wanted), 'the device died before the push was complete');
      await harness.driver.apply(push);
      await expectHeld(harness, wanted);
    },
  },
  {
    name: 'gives up a device that does not answer, names it, and works again when it answers',
    needs: ['hanging'],
    setting: { impatient: true },
    async run(harness) {
      const [first, second] = harness.interfaces;
      await setSoon(harness.driver, v4(first));
      const mend = await needed(harness, 'hang')();
      await expectFailure(harness, harness.driver.read(), 'timeout');
      await expectFailure(harness, set(harness.driver, v6(second)), 'timeout');
      await mend();
      await expectTruth(harness);
      await setSoon(harness.driver, v6(second));
      await expectHeld(harness, [v4(first), v6(second)]);
    },
  },
  {
    name: 'reads what a device holds that says yes and does nothing',
    needs: ['lying'],
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first));
      const changes: NeighbourChange[] = [
        { change: 'set', entry: { ...v4(first), mac: otherMac } },
        { change: 'set', entry: v6(second) },
        { change: 'remove', entry: v6(first) },
      ];
      const mend = await needed(harness, 'lie')();
      // To find out already here is allowed; to believe the device is not.
      await harness.driver.apply(changes).catch((error: unknown) => assert.ok(error instanceof DeviceError));
      await expectHeld(harness, [v4(first), v6(first)]);
      await mend();
      await readSoon(harness.driver);
      await harness.driver.apply(changes);
      await expectHeld(harness, [{ ...v4(first), mac: otherMac }, v6(second)]);
    },
  },
  {
    name: 'waits in vain, within its bounds, for a configuration that somebody else holds, and changes nothing',
    needs: ['config-lock'],
    setting: { impatient: true },
    async run(harness) {
      const [first, second] = harness.interfaces;
      await setSoon(harness.driver, v4(first));
      const mend = await needed(harness, 'lock')();
      await expectFailure(harness, set(harness.driver, v6(first), v6(second)), 'locked', 'timeout');
      await expectFailure(harness, remove(harness.driver, v4(first)), 'locked', 'timeout');
      await expectHeld(harness, [v4(first)]);
      await mend();
      await setSoon(harness.driver, v6(first), v6(second));
      await remove(harness.driver, v4(first));
      await expectHeld(harness, [v6(first), v6(second)]);
    },
  },
];
