import { join } from 'node:path';
import { linkLocalOf, type MacAddress } from '../../events/index.js';
import { createLinuxSwitch } from '../../src/drivers/switch/linux.switch.js';
import type { NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { otherMac, set } from '../contracts/switch-driver.check.js';
import type { SwitchHarness } from '../contracts/switch-driver.harness.js';
import { describeLab } from './describe-lab.js';
import { linuxHarness } from './linux-switch-harness.js';

const hex = (number: number): string => number.toString(16).padStart(2, '0');

/** Half of them on each interface, no two alike. */
function entries(count: number): NeighbourEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const mac = `52:54:00:${hex(index >>> 16)}:${hex((index >>> 8) & 255)}:${hex(index & 255)}` as MacAddress;
    return { interface: index % 2 === 0 ? 'vlan11' : 'vlan16', address: linkLocalOf(mac), mac };
  });
}

/** Jest would compare, and print, a hundred thousand lines. */
const difference = (one: readonly NeighbourEntry[], other: readonly NeighbourEntry[]): string[] => {
  const [first, second] = [spelt(one), spelt(other)];
  return [...[...first].filter((line) => !second.has(line)), ...[...second].filter((line) => !first.has(line))];
};
const spelt = (all: readonly NeighbourEntry[]): Set<string> =>
  new Set(all.map((entry) => `${entry.interface} ${entry.address} ${entry.mac}`));

describeLab('a kernel with very many neighbours', () => {
  let harness: SwitchHarness;

  beforeEach(async () => {
    harness = await linuxHarness({}, ({ netns, directory, interfaces }) =>
      createLinuxSwitch({
        device: 'leaf1',
        netns,
        interfaces,
        stateFile: join(directory, 'leaf1.json'),
        deadline: 60_000,
      }),
    );
  });
  afterEach(() => harness.close());

  it.each([10_000, 100_000])(
    'takes %i entries, changes a few of them among foreign ones, and gives them back',
    async (count) => {
      const { driver } = harness;
      const all = entries(count);
      const foreign = { ...entries(count + 1)[count], interface: 'vlan11' } as NeighbourEntry;
      await harness.handSet(foreign);
      await set(driver, ...all);
      const first = await driver.read();
      expect(first.neighbours).toHaveLength(count + 1);
      expect(difference(first.neighbours, [...all, foreign])).toEqual([]);
      expect(first.neighbours.filter(({ ours }) => !ours).map(({ address }) => address)).toEqual([foreign.address]);

      // Nothing changed: the same list, though it was read again from the kernel.
      expect((await driver.read()).neighbours === first.neighbours).toBe(true);

      const [moved, gone, byHand] = [all[7], all[count - 1], all[count >>> 1]] as [
        NeighbourEntry,
        NeighbourEntry,
        NeighbourEntry,
      ];
      await driver.apply([
        { change: 'set', entry: { ...moved, mac: otherMac } },
        { change: 'remove', entry: gone },
      ]);
      await harness.handRemove(byHand);
      const left = all.filter((entry) => entry !== moved && entry !== gone && entry !== byHand);
      const second = await driver.read();
      expect(difference(second.neighbours, [...left, { ...moved, mac: otherMac }, foreign])).toEqual([]);
      expect(await driver.readAt?.([gone, byHand, moved])).toEqual([{ ...moved, mac: otherMac, ours: true }]);

      // A large push over a full table still sees what is foreign, and takes all away but that.
      await expect(driver.apply([...all, foreign].map((entry) => ({ change: 'remove', entry })))).rejects.toMatchObject(
        { code: 'refused', message: expect.stringMatching(`1 of ${count + 1} changes`) as string },
      );
      expect((await driver.read()).neighbours).toEqual([{ ...foreign, ours: false }]);
    },
    240_000, // seconds where nothing else runs
  );
});
