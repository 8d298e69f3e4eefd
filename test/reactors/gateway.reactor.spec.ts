import type { IpAddress, MacAddress } from '../../events/index.js';
import { tempDirectory } from '../support/temp-directory.js';
import {
  declareGateway,
  type Heart,
  journalOf,
  linkUp,
  sellServer,
  simulatedDevices,
  startHeart,
  until,
  world,
} from './reactor-bench.js';

const s16 = ['fe80::5054:ff:fe00:16 vlan16 52:54:00:00:00:16', '198.51.100.16 vlan16 52:54:00:00:00:16'];
const routes16 = ['2001:db8:16::/48 vlan16', '198.51.100.16/32 vlan16'];

describe('the gateway reactor', () => {
  let heart: Heart;
  let devices: ReturnType<typeof simulatedDevices>;
  const directory = tempDirectory();
  let round = 0;

  beforeEach(async () => {
    devices = simulatedDevices();
    heart = await startHeart(`${directory}/${round++}`, devices);
    await declareGateway(heart);
  });
  afterEach(() => heart.stop());

  it('sets the entries of a sold server while its link is not reported, and announces nothing', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...s16].sort());
  });

  it('announces the prefix and the address once the link is up, and withdraws both when it goes down', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...s16, ...routes16].sort());
    await heart.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...s16].sort());
  });

  it('replaces the entry and the next hop when the network card is replaced, and leaves nothing stale', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    await heart.fact('ServerNicReplaced', { serverId: 's16', mac: '52:54:00:00:99:16' }, '2026-01-02T00:00:00Z');
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(
      [
        'fe80::5054:ff:fe00:9916 vlan16 52:54:00:00:99:16',
        '198.51.100.16 vlan16 52:54:00:00:99:16',
        ...routes16,
      ].sort(),
    );
    expect((await devices.bgp.read()).owned[0]).toMatchObject({ nextHop: 'fe80::5054:ff:fe00:9916' });
  });

  it('withdraws the routes of a server that moved to a port whose link is down, and moves its entries', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    await heart.fact('ServerMoved', { serverId: 's16', port: 'leaf1:Ethernet21', vlan: 21 }, '2026-01-02T00:00:00Z');
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(s16.map((line) => line.replace('vlan16', 'vlan21')).sort());
  });

  it('withdraws at once when the gateway address is lost, and announces again only after entry and address are back', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    devices.device.setAdmin('vlan16', false);
    await heart.reactor.reconcile();
    expect((await devices.bgp.read()).owned).toEqual([]);
    devices.device.setAdmin('vlan16', true);
    await heart.reactor.reconcile();
    expect(heart.reactor.status.quiet[0]?.reason).toContain('fe80::1 is missing');
    expect((await devices.bgp.read()).owned).toEqual([]);
    devices.device.addAddress('vlan16', 'fe80::1' as IpAddress);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...s16, ...routes16].sort());
  });

  it('leaves entries of somebody else alone and shows them', async () => {
    const foreign = {
      interface: 'vlan16',
      address: '198.51.100.16' as IpAddress,
      mac: '52:54:00:aa:aa:aa' as MacAddress,
    };
    devices.device.handSet(foreign);
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    expect(await world(devices)).toContain('198.51.100.16 vlan16 52:54:00:aa:aa:aa');
    expect(await world(devices)).not.toContain('198.51.100.16/32 vlan16');
    expect(heart.reactor.status.foreign).toMatchObject([foreign]);
  });

  it('puts back what somebody removed by hand and journals it as drift', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    devices.device.handRemove({
      interface: 'vlan16',
      address: '198.51.100.16' as IpAddress,
      mac: '52:54:00:00:00:16' as MacAddress,
    });
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...s16].sort());
    const last = (await journalOf(heart.store)).at(-1);
    expect(last?.data).toMatchObject({
      outcome: 'confirmed',
      lines: [{ change: 'add', cause: 'drift', readBack: 'present' }],
    });
  });

  it('never has a route without its entry, whatever one interface refuses, and serves the others', async () => {
    await sellServer(heart, 16);
    await heart.fact('ServerAdded', {
      serverId: 's77',
      customerId: 'c1',
      port: 'leaf1:Ethernet77',
      vlan: 77,
      mac: '52:54:00:00:00:77',
    });
    await heart.fact('Ipv6PrefixAssigned', { serverId: 's77', prefix: '2001:db8:77::/48' });
    await heart.fact('LinkUp', { port: 'leaf1:Ethernet77' });
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...s16, ...routes16].sort());
    expect(heart.reactor.status.quiet).toContainEqual(expect.objectContaining({ serverId: 's77' }));
  });

  it('journals the start before the first write, and then each line with its cause and what reading back showed', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    const journal = await journalOf(heart.store);
    expect(journal.map(({ type }) => type)).toEqual(['ReconcileStarted', 'ReconcileFinished']);
    expect(journal[1]?.data).toMatchObject({
      planId: journal[0]?.data['planId'],
      outcome: 'confirmed',
      part: 0,
      of: 1,
    });
    expect(journal[1]?.data['lines']).toHaveLength(2);
  });

  it('says that a lying device did not do what it confirmed, and does not announce on it', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    devices.device.fault = 'lie';
    await heart.reactor.reconcile();
    expect((await journalOf(heart.store)).at(-1)?.data).toMatchObject({ outcome: 'partial' });
    expect((await devices.bgp.read()).owned).toEqual([]);
  });

  it('removes no entry on which, as read back, a route still leans', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    const before = await world(devices);
    devices.bgp.fault = 'lie';
    await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-01-03T00:00:00Z');
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(before);
    devices.bgp.fault = 'none';
    heart.reactor.hint('vlan16');
    await until(async () => (await heart.reactor.reconcile(), (await world(devices)).length === 0));
  });

  it('keeps the last good state of an unreachable device, raises an alert, and converges when it is back', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    devices.device.fault = 'unreachable';
    await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-01-03T00:00:00Z');
    expect((await heart.reactor.reconcile()).state).toBe('failing');
    expect(heart.alerts.has('device-failing')).toBe(true);
    devices.device.fault = 'none';
    expect(await world(devices)).toHaveLength(2);
    heart.skip(500);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([]);
    expect(heart.alerts.size).toBe(0);
  });
});

describe('the mode observe', () => {
  const directory = tempDirectory();
  it('shows the plan and touches nothing', async () => {
    const devices = simulatedDevices();
    const heart = await startHeart(directory, devices, 'observe');
    await sellServer(heart, 16);
    const status = await heart.reactor.reconcile();
    expect(status.plan.map((line) => `${line.change} ${line.line}`)).toEqual(
      expect.arrayContaining(['add neighbour fe80::5054:ff:fe00:16 vlan16 52:54:00:00:00:16']),
    );
    expect(await world(devices)).toEqual([]);
    expect(await journalOf(heart.store)).toEqual([]);
    await heart.stop();
  });
});
