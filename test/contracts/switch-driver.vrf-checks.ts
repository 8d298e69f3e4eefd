import assert from 'node:assert/strict';
import {
  expectFailure,
  expectHeld,
  needed,
  otherMac,
  remove,
  set,
  spelt,
  type SwitchCheck,
  v4,
  v6,
} from './switch-driver.check.js';
import type { HeldEntry } from './switch-driver.harness.js';

const needs = ['vrf'] as const;
const vrf = 'customers';
const spellVrfs = (entries: readonly HeldEntry[]): string[] =>
  entries.map((entry) => `${entry.vrf ?? 'default'}: ${spelt([entry])[0]}`).sort();

/** What a switch driver promises where interfaces stand in a VRF. */
export const vrfChecks: readonly SwitchCheck[] = [
  {
    name: 'writes to the VRF its interfaces stand in, reads it from there, and removes it there',
    needs,
    setting: { vrf },
    async run(harness) {
      const [first, second] = harness.interfaces;
      await set(harness.driver, v4(first), v6(first), v6(second));
      const held = [v4(first), v6(first), v6(second)].map((entry) => ({ ...entry, vrf }));
      assert.deepEqual(spellVrfs(await harness.inspect()), spellVrfs(held));
      const state = await expectHeld(harness, held);
      assert.deepEqual([state.interfaces.get(first)?.vrf, state.interfaces.get(second)?.vrf], [vrf, vrf]);
      await remove(harness.driver, v4(first), v6(first));
      assert.deepEqual(spellVrfs(await harness.inspect()), spellVrfs([{ ...v6(second), vrf }]));
    },
  },
  {
    name: 'takes an entry of the same address in another VRF for none of its business',
    needs,
    setting: { vrf },
    async run(harness) {
      const [first] = harness.interfaces;
      const elsewhere = { ...v4(first), mac: otherMac };
      await needed(harness, 'handSetInDefaultVrf')(elsewhere);
      await set(harness.driver, v4(first));
      assert.deepEqual(spellVrfs(await harness.inspect()), spellVrfs([elsewhere, { ...v4(first), vrf }]));
      const { neighbours } = await harness.driver.read();
      assert.deepEqual(spelt(neighbours), spelt([v4(first)]));
      await remove(harness.driver, v4(first));
      assert.deepEqual(spellVrfs(await harness.inspect()), spellVrfs([elsewhere]));
    },
  },
  {
    name: 'refuses to write where the device shows another VRF than the configured one, and names both',
    needs,
    setting: { vrf, toldVrf: 'guests' },
    async run(harness) {
      const work = set(harness.driver, v4(harness.interfaces[0]));
      const { message } = await expectFailure(harness, work, 'refused', 'misconfigured');
      assert.match(message, /customers/);
      assert.match(message, /guests/);
      assert.deepEqual(await harness.inspect(), []);
    },
  },
];
