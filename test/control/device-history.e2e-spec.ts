import type { IpAddress, MacAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { HistoryPage } from '../../src/control/device-history.js';
import type { DeviceRow } from '../../src/control/device-row.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';

const port = 'leaf1:Ethernet16' as PortId;
const held = { interface: 'vlan16', address: '198.51.100.16' as IpAddress, mac: '52:54:00:00:00:16' as MacAddress };
const device = {
  name: 'leaf1',
  mode: 'enforce',
  interfacePattern: 'vlan{vlan}',
  ports: { [port]: 'vlan16' },
  driver: { kind: 'simulated' },
};
const { gateways } = parseConfig({ gateways: [{ switch: 'leaf1', devices: [device] }] }, 'portledger.json');

describe('the history of a device', () => {
  let engine: RunningEngine;
  let leaf1: SimulatedSwitch;
  beforeAll(async () => {
    leaf1 = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan16: ['fe80::1' as IpAddress] } });
    const world = { switch: leaf1, bgp: new SimulatedBgp('leaf1', leaf1) };
    engine = await RunningEngine.start(undefined, { gateways, hands: { devices: new Map([['leaf1', world]]) } });
    await leaf1.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
    const { store } = engine.parts;
    const server = { serverId: 's16', customerId: 'c1', port, vlan: 16, mac: held.mac };
    await storeFact(store, 'ServerAdded', server);
    await storeFact(store, 'Ipv4AddOnBought', { serverId: 's16', addOnId: 'a', address: held.address });
    await until(() => leaf1.entries().length === 2);
  });
  afterAll(() => engine.stop());

  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${engine.tokens.every}`,
    'content-type': 'application/json',
  });
  const get = async <Answer>(path: string): Promise<Answer> =>
    (await engine.call(path, { headers: headers() })).body as Answer;
  const history = (query = ''): Promise<HistoryPage> => get(`/v1/devices/leaf1/history${query}`);
  const say = (path: string, body: object) =>
    engine.call(path, { method: 'POST', headers: headers(), body: JSON.stringify(body) });
  const row = async (): Promise<DeviceRow | undefined> =>
    (await get<{ devices: DeviceRow[] }>('/v1/devices')).devices[0];

  it('tells of each line the event behind it and what reading back showed', async () => {
    await until(async () => (await history()).entries.some((one) => 'outcome' in one && one.count.lines > 0));
    const { entries } = await history();
    const lines = entries.flatMap((one) => (one.kind === 'reconcile' ? one.lines : []));
    const line = lines.find((one) => one.line.includes(held.address));
    expect(line).toMatchObject({
      change: 'add',
      serverId: 's16',
      readBack: 'present',
      because: { type: 'Ipv4AddOnBought' },
    });
    for (const one of entries)
      if (one.kind === 'reconcile') {
        expect(one).toMatchObject({ outcome: 'confirmed', startedAt: expect.any(String) as string });
        expect(one.tookMs).toBeGreaterThanOrEqual(0);
      }
  });

  it('counts the drift that was put right', async () => {
    leaf1.handRemove(held);
    await until(async () => (await history()).entries.some((one) => one.kind === 'reconcile' && one.count.drift > 0));
    expect(leaf1.entries()).toHaveLength(2);
    const { entries } = await history();
    const repaired = entries.find((one) => one.kind === 'reconcile' && one.count.drift > 0);
    expect(repaired).toMatchObject({ lines: [{ change: 'add', because: 'drift', readBack: 'present' }] });
    expect(await row()).toMatchObject({ lastReconcile: { outcome: 'confirmed' }, drift: { lines: 0 } });
  });

  it('names who froze it and why, in the list as well', async () => {
    await say('/v1/freeze', { device: 'leaf1', reason: 'fan replaced' });
    const { entries } = await history('?limit=1');
    expect(entries).toMatchObject([{ kind: 'frozen', text: 'fan replaced' }]);
    await until(async () => (await row())?.state === 'frozen');
    expect(await row()).toMatchObject({ frozen: { reason: 'fan replaced', every: false } });
    await say('/v1/resume', { device: 'leaf1' });
    await say('/v1/freeze', { reason: 'night' });
    expect(await row()).toMatchObject({ frozen: { reason: 'night', every: true } });
    await say('/v1/resume', {});
    await until(async () => (await row())?.state === 'equal');
    expect(await row()).not.toHaveProperty('frozen');
  });

  it('is the same read in pages of one as in one page', async () => {
    const whole = (await history('?limit=50')).entries;
    const paged: unknown[] = [];
    for (let before: number | undefined; paged.length <= whole.length;) {
      const page = await history(before === undefined ? '?limit=1' : `?limit=1&before=${before}`);
      paged.push(...page.entries);
      before = page.next;
      if (before === undefined) break;
    }
    expect(paged).toEqual(whole);
    expect(whole.length).toBeGreaterThan(4);
  });

  it('survives a restart, with the last reconcile', async () => {
    const before = await history('?limit=50');
    await engine.restart();
    await until(async () => (await row())?.state === 'equal');
    expect(await history('?limit=50')).toEqual(before);
    expect((await row())?.lastReconcile?.outcome).toBe('confirmed');
  });

  it.each(['?before=0', '?limit=51', '?limit=x', '?before=1e9'])('refuses %s', async (query) => {
    expect((await engine.call(`/v1/devices/leaf1/history${query}`, { headers: headers() })).status).toBe(400);
  });
});
