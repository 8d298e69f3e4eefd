import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileLimits } from '../../src/drivers/switch/file.switch.js';
import { fileHarness } from './file-switch-harness.js';
import { remove, set, v4, v6, waitFor } from './switch-driver.check.js';
import { describeSwitchDriver } from './switch-driver.contract.js';

describeSwitchDriver('the file switch', { make: () => Promise.resolve(fileHarness()), limits: fileLimits });

describe('the file of a device', () => {
  let harness: ReturnType<typeof fileHarness>;
  const text = (): string => readFileSync(harness.path, 'utf8');

  beforeEach(() => (harness = fileHarness()));
  afterEach(() => harness.close());

  it('is the same for the same entries, in whatever order they came', async () => {
    const { driver } = harness;
    await set(driver, v6('vlan16'), v4('vlan16', 200), v4('vlan16', 17), v4('vlan11'));
    const first = text();
    expect(first.split('\n').filter((line) => line.startsWith('neighbour'))).toEqual([
      'neighbour 198.51.100.16 vlan11 52:54:00:00:00:16',
      'neighbour 198.51.100.17 vlan16 52:54:00:00:00:16',
      'neighbour 198.51.100.200 vlan16 52:54:00:00:00:16',
      'neighbour fe80::5054:ff:fe00:16 vlan16 52:54:00:00:00:16',
    ]);
    await remove(driver, v4('vlan16', 17), v6('vlan16'));
    await set(driver, v6('vlan16'));
    await set(driver, v4('vlan16', 17));
    expect(text()).toBe(first);
  });

  it('keeps what others wrote around our block, byte for byte', async () => {
    writeFileSync(harness.path, '! a comment of theirs\n\n  odd   line');
    await set(harness.driver, v4('vlan11'));
    writeFileSync(harness.path, `${text()}theirs at the end, without a line end`);
    await set(harness.driver, v6('vlan16'));
    await remove(harness.driver, v4('vlan11'));
    expect(text()).toBe(
      [
        '! a comment of theirs\n\n  odd   line\n',
        '# BEGIN portledger: written by it, edits in here are undone\n',
        'neighbour fe80::5054:ff:fe00:16 vlan16 52:54:00:00:00:16\n',
        '# END portledger\n',
        'theirs at the end, without a line end',
      ].join(''),
    );
  });

  it('has the last change beside it, and leaves nothing else behind', async () => {
    await set(harness.driver, v4('vlan11'), v6('vlan16'));
    await set(harness.driver, { ...v4('vlan11'), mac: v4('vlan11').mac });
    await harness.driver.apply([
      { change: 'remove', entry: v6('vlan16') },
      { change: 'set', entry: v4('vlan16', 17) },
    ]);
    expect(readFileSync(`${harness.path}.diff`, 'utf8')).toBe(
      '-neighbour fe80::5054:ff:fe00:16 vlan16 52:54:00:00:00:16\n+neighbour 198.51.100.17 vlan16 52:54:00:00:00:16\n',
    );
    await harness.driver.writeStamp({ logId: 'a', ordinal: 1 });
    expect(readdirSync(harness.directory).sort()).toEqual([
      'leaf1.neighbours',
      'leaf1.neighbours.diff',
      'leaf1.neighbours.stamp',
    ]);
  });

  it('names a line in our block that says no entry, an entry that is there twice, and half a block', async () => {
    await set(harness.driver, v4('vlan11'));
    const good = text();
    for (const [broken, named] of [
      [good.replace('neighbour 198', 'neighbor 198'), /leaf1: .*line 2 in our block says no entry: "neighbor 198/],
      [good.replace(/(neighbour 198.*\n)/, '$1$1'), /198.51.100.16 vlan11 twice/],
      [good.replace('# END portledger\n', ''), /line 1 opens or ends our block alone/],
    ] as const) {
      writeFileSync(harness.path, broken);
      await expect(harness.driver.read()).rejects.toThrow(named);
      await expect(set(harness.driver, v6('vlan16'))).rejects.toMatchObject({ code: 'unreadable' });
      expect(text()).toBe(broken);
    }
  });

  it('hints when somebody writes it, and is missed when its folder is gone', async () => {
    const hints: unknown[] = [];
    harness.driver.watch((hint) => hints.push(hint));
    hints.length = 0;
    await harness.handSet(v4('vlan11'));
    await waitFor(harness, 'a hint', () => hints.length > 0);
    rmSync(harness.directory, { recursive: true });
    await expect(harness.driver.read()).rejects.toMatchObject({ code: 'unreachable' });
    await harness.close().catch(() => undefined);
    harness = fileHarness();
  });

  it.each(['src/drivers/switch/file.switch.md', 'src/drivers/what-it-writes.md'])(
    'goes by the commands of %s, and what stands around our block stays',
    async (page) => {
      writeFileSync(harness.path, 'theirs\n');
      await set(harness.driver, v4('vlan11'), v6('vlan16'));
      await harness.driver.writeStamp({ logId: 'a', ordinal: 1 });
      const blocks = [...readFileSync(page, 'utf8').matchAll(/```sh\n([^`]*gw1\.neighbours[^`]*)```/g)];
      const commands = blocks
        .at(-1)?.[1]
        ?.replaceAll('/srv/network/portledger/gw1', harness.path.replace(/\.neighbours$/, ''));
      execFileSync('bash', ['-e', '-c', commands ?? 'false'], { stdio: 'pipe' });
      expect(text()).toBe('theirs\n');
      expect(readdirSync(harness.directory)).toEqual(['leaf1.neighbours']);
      expect(await harness.inspect()).toEqual([]);
    },
  );

  it('lets no value become a second line', async () => {
    for (const odd of ['198.51.100.16\nneighbour', '198.51.100.016', 'fe80::1%vlan11', ' fe80::1']) {
      const forged = { ...v4('vlan11'), address: odd as ReturnType<typeof v4>['address'] };
      await expect(set(harness.driver, forged)).rejects.toMatchObject({ code: 'refused' });
    }
    expect((await harness.driver.read()).neighbours).toEqual([]);
  });
});
