import assert from 'node:assert/strict';
import { expectHeld, expectTruth, needed, set, type SwitchCheck, v4, v6, waitFor } from './switch-driver.check.js';
import type { SwitchHarness } from './switch-driver.harness.js';

const needs = ['interface-state'] as const;
const carrier = (harness: SwitchHarness, name: string, up: boolean): Promise<void> =>
  needed(harness, 'setCarrier')(name, up);
const admin = (harness: SwitchHarness, name: string, up: boolean): Promise<void> =>
  needed(harness, 'setAdmin')(name, up);

/** What a switch driver promises of interfaces, where the device shows them. */
export const interfaceChecks: readonly SwitchCheck[] = [
  {
    name: 'keeps entries when the carrier goes and comes, and reads the carrier both times',
    needs,
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first));
      await carrier(harness, first, true);
      let state = await expectHeld(harness, [v4(first), v6(first)]);
      assert.deepEqual([state.interfaces.get(first)?.carrier, state.interfaces.get(second)?.carrier], [true, false]);
      await carrier(harness, first, false);
      state = await expectHeld(harness, [v4(first), v6(first)]);
      assert.equal(state.interfaces.get(first)?.carrier, false);
      assert.equal(state.interfaces.get(first)?.adminUp, true);
    },
  },
  {
    name: 'reads the state a link that flaps ends in, and keeps its entries',
    needs,
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first), v6(second));
      for (const up of [true, false, true, false, true]) await carrier(harness, first, up);
      const state = await expectHeld(harness, [v4(first), v6(first), v6(second)]);
      assert.deepEqual([state.interfaces.get(first)?.carrier, state.interfaces.get(second)?.carrier], [true, false]);
    },
  },
  {
    name: 'reads what is left of an interface that went down, and has the entries again once it is up and they are set',
    needs,
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first), v6(second));
      await admin(harness, first, false);
      let state = await expectTruth(harness);
      assert.deepEqual(
        [state.interfaces.get(first)?.adminUp, state.interfaces.get(first)?.carrier],
        [false, false],
        'admin state and carrier of an interface that was shut',
      );
      assert.ok(state.neighbours.some((entry) => entry.interface === second));
      await admin(harness, first, true);
      await set(harness.driver, v4(first), v6(first));
      state = await expectHeld(harness, [v4(first), v6(first), v6(second)]);
      assert.equal(state.interfaces.get(first)?.adminUp, true);
    },
  },
  {
    name: 'hints at an interface whose carrier changed or that went down',
    needs: ['interface-state', 'hints'],
    async run(harness) {
      const [first, second] = harness.interfaces;
      const hints: (string | undefined)[] = [];
      const named = (name: string) => () => hints.includes(name) || hints.includes(undefined);
      harness.driver.watch((name) => hints.push(name));
      await carrier(harness, second, true);
      await waitFor(harness, 'a hint after carrier', named(second));
      // From here on every hint must name the interface: the start of watching is over.
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const [act, name] of [
        [() => carrier(harness, first, true), first],
        [() => admin(harness, second, false), second],
      ] as const) {
        hints.length = 0;
        await act();
        await waitFor(harness, `a hint that names ${name}`, () => hints.includes(name));
      }
    },
  },
];
