import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePort, parseSwitchName } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { fileTableReader } from '../../../src/sensor/tables/file.table-reader.js';
import { localNeighbours } from '../../../src/sensor/tables/linux.table-reader.js';
import { MacPorts } from '../../../src/sensor/tables/mac-ports.js';
import type { TableReader } from '../../../src/sensor/tables/table-reader.js';
import { TableSource } from '../../../src/sensor/tables/table-source.js';
import { polledEos, polledIos } from './polled-boxes.js';

const leaf1 = parseSwitchName('leaf1');
const e16 = parsePort('leaf1:Ethernet16');
if (leaf1 === undefined || e16 === undefined) throw new Error('leaf1 and its port are well spelt');
const at = { sensor: 'leaf1-tables', site: 'default', switch: leaf1 };

interface Run {
  readonly source: TableSource;
  readonly macPorts: MacPorts;
  readonly told: Observation[];
  readonly logged: string[];
  /** Resolves once the state is this one. */
  readonly until: (state: string) => Promise<void>;
}
const running: TableSource[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

function run(reader: TableReader, more: Partial<ConstructorParameters<typeof TableSource>[0]> = {}): Run {
  const told: Observation[] = [];
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const macPorts = new MacPorts(60_000);
  const source = new TableSource({
    at,
    reader,
    everySeconds: 0.02,
    macPorts,
    log: { info: log, warn: log, error: log },
    ...more,
  });
  running.push(source);
  source.start((observation) => told.push(observation));
  const until = async (state: string): Promise<void> => {
    const end = Date.now() + 30_000;
    while (source.state.state !== state) {
      if (Date.now() > end) throw new Error(`it is ${JSON.stringify(source.state)}, not ${state}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { source, macPorts, told, logged, until };
}

describe('tables read from a device', () => {
  it('of an Arista switch are told over eAPI, neighbours at the port of its MAC table, static ones never', async () => {
    const { box, reader, close } = await polledEos();
    box.macs.push({ vlan: 11, mac: '52:54:00:00:00:16', port: 'Ethernet16' });
    box.learned.push(
      { vrf: 'default', address: '198.51.100.16', mac: '5254.0000.0016', interface: 'Vlan11' },
      { vrf: 'red', address: '2001:db8:12::5', mac: '5254.0000.0012', interface: 'Vlan12' },
    );
    box.type('arp 198.51.100.17 5254.0000.0017 arpa');
    const { told, macPorts, source, until } = run(reader);
    await until('running');
    await source.stop();
    const [mac, arp, nd] = told;
    expect(mac).toMatchObject({
      kind: 'mac-table',
      port: 'leaf1:Ethernet16',
      vlan: 11,
      claimedMac: '52:54:00:00:00:16',
      attribution: 'mac-table',
    });
    expect(arp).toMatchObject({
      kind: 'arp-table',
      port: 'leaf1:Ethernet16',
      vlan: 11,
      claimedAddress: '198.51.100.16',
    });
    expect(nd).toMatchObject({
      kind: 'nd-table',
      vlan: 12,
      claimedAddress: '2001:db8:12::5',
      claimedMac: '52:54:00:00:00:12',
    });
    expect(nd).not.toHaveProperty('port');
    expect(told.some(({ claimedMac }) => claimedMac === '52:54:00:00:00:17')).toBe(false);
    expect(macPorts.portOf('52:54:00:00:00:16', 11, Date.now())).toBe('leaf1:Ethernet16');
    await close();
  });

  it('of an IOS switch are told over SSH although it pages, and a router is read without a MAC table', async () => {
    const { box, reader, close } = await polledIos();
    box.learned.push({ vrf: 'default', address: '198.51.100.16', mac: '5254.0000.0016', interface: 'Vlan11' });
    const first = run(reader);
    await first.until('running');
    expect(first.told[0]).toMatchObject({ kind: 'arp-table', vlan: 11, claimedAddress: '198.51.100.16' });
    expect(first.told[0]).not.toHaveProperty('port');
    box.macs = Array.from({ length: 60 }, (_, index) => ({
      vlan: 11,
      mac: `5254.0000.00${(index + 16).toString(16)}`,
      port: `Gi1/0/${index}`,
    }));
    const before = first.told.length;
    while (!first.told.slice(before).some(({ kind, port }) => kind === 'arp-table' && port !== undefined))
      await new Promise((resolve) => setTimeout(resolve, 5));
    const ports = new Set(first.told.filter(({ kind }) => kind === 'mac-table').map(({ port }) => port));
    expect(ports.size).toBe(60);
    expect(first.told.at(-1)?.port ?? 'leaf1:GigabitEthernet1/0/6').toMatch(/^leaf1:GigabitEthernet1\/0\//);
    await first.source.stop();
    await close();
  });

  it('of a device in a VRF are those of that VRF', async () => {
    const { box, reader, close } = await polledIos('red');
    box.learned.push(
      { vrf: 'red', address: '203.0.113.5', mac: '5254.0000.0005', interface: 'Vlan12' },
      { vrf: 'default', address: '198.51.100.16', mac: '5254.0000.0016', interface: 'Vlan11' },
    );
    const { told, until, source } = run(reader);
    await until('running');
    await source.stop();
    expect(new Set(told.map(({ claimedAddress }) => claimedAddress))).toEqual(new Set(['203.0.113.5']));
    await close();
  });

  it.each([
    ['eos', polledEos, /tables of leaf1 cannot be read: .*refused/],
    ['ios', () => polledIos(), /"show ip arp" was refused by leaf1: Invalid input/],
  ] as const)(
    'that an %s box refuses are failed with reason and cure, said once, and read again when it answers',
    async (_kind, open, why) => {
      const polled = await open();
      polled.refuse(true);
      const { source, until, logged } = run(polled.reader);
      await until('failed');
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(source.state).toMatchObject({
        state: 'failed',
        reason: expect.stringMatching(why) as string,
        cure: expect.stringContaining('show commands') as string,
      });
      expect(logged).toEqual(['tables cannot be read']);
      polled.refuse(false);
      await until('running');
      await source.stop();
      expect(source.state).toEqual({ state: 'stopped' });
      await polled.close();
    },
  );

  it('of a device that is gone are failed, not silent', async () => {
    const { reader, vanish, close } = await polledEos();
    await vanish();
    const { source, until } = run(reader);
    await until('failed');
    expect(source.state).toMatchObject({
      reason: expect.stringContaining('does not answer') as string,
      cure: expect.stringContaining('answers from here') as string,
    });
    await close();
  });

  describe('or from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portledger-table-file-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('are read anew, at the ports that the configuration names', async () => {
      const file = join(folder, 'neigh');
      const { until, told, source } = run(fileTableReader(file, 'auto'), {
        at: { ...at, ports: new Map([['vlan16', e16]]) },
      });
      await until('failed');
      expect(source.state).toMatchObject({
        reason: expect.stringContaining('ENOENT') as string,
        cure: "correct the sensor's file",
      });
      writeFileSync(file, 'nothing of ours\n');
      while (source.state.state !== 'failed' || !source.state.reason.startsWith('the format'))
        await new Promise((resolve) => setTimeout(resolve, 5));
      writeFileSync(
        file,
        '198.51.100.16 dev vlan16 lladdr 52:54:00:00:00:16 REACHABLE\n198.51.100.17 dev vlan16 FAILED\nodd\n',
      );
      await until('running');
      expect(told[0]).toMatchObject({ kind: 'arp-table', port: 'leaf1:Ethernet16', vlan: 16 });
      expect(source.state).toEqual({ state: 'running', detail: '2 rows, 1 claims, 1 lines not understood' });
    });
  });

  it('of the kernel in a namespace that is not there are failed with the cure', async () => {
    const { until, source } = run(localNeighbours('leaf1', 'no-such-namespace'));
    await until('failed');
    expect(source.state).toMatchObject({
      reason: expect.stringContaining('no-such-namespace is gone') as string,
      cure: expect.stringContaining('make the network namespace again') as string,
    });
  });
});
