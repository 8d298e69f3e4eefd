import type { IpAddress, MacAddress } from '../../events/index.js';
import { tempDirectory } from '../support/temp-directory.js';
import {
  applied,
  declareGateway,
  type Heart,
  journalOf,
  linkUp,
  sellServer,
  simulatedDevices,
  startHeart,
  world,
} from './reactor-bench.js';

const entries = (vlan: number): string[] => [
  `198.51.100.${vlan} vlan${vlan} 52:54:00:00:00:${vlan}`,
  `fe80::5054:ff:fe00:${vlan} vlan${vlan} 52:54:00:00:00:${vlan}`,
];
const routes = (vlan: number): string[] => [`198.51.100.${vlan}/32 vlan${vlan}`, `2001:db8:${vlan}::/48 vlan${vlan}`];

describe('the gateway reactor, when things go wrong', () => {
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

  /** The device as it is, whatever it answers the engine. */
  async function realWorld(): Promise<string[]> {
    const faults = [devices.device.fault, devices.bgp.fault] as const;
    devices.device.fault = devices.bgp.fault = 'none';
    const seen = await world(devices);
    [devices.device.fault, devices.bgp.fault] = faults;
    return seen;
  }

  describe('with a BGP daemon that does not answer', () => {
    it('adds entries all the same, says what fails, and announces when the daemon is back', async () => {
      devices.bgp.fault = 'unreachable';
      await sellServer(heart, 16);
      await linkUp(heart, devices, 16);
      const status = await heart.reactor.reconcile();
      expect(await realWorld()).toEqual(entries(16).sort());
      expect(status).toMatchObject({ state: 'failing', error: expect.stringContaining('daemon') as string });
      expect(heart.alerts.get('device-failing')).toContain('daemon');
      devices.bgp.fault = 'none';
      heart.skip(5_000);
      expect(await heart.reactor.reconcile()).toMatchObject({ state: 'equal', error: undefined });
      expect(await world(devices)).toEqual([...entries(16), ...routes(16)].sort());
      expect(heart.alerts.size).toBe(0);
    });

    it('takes no entry from under a route that may still be announced, until the daemon is back', async () => {
      await sellServer(heart, 16);
      await linkUp(heart, devices, 16);
      await heart.reactor.reconcile();
      const before = await world(devices);
      devices.bgp.fault = 'unreachable';
      await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-02-01T00:00:00Z');
      const journaled = (await journalOf(heart.store)).length;
      await heart.reactor.reconcile();
      expect(await realWorld()).toEqual(before);
      expect(await journalOf(heart.store)).toHaveLength(journaled);
      devices.bgp.fault = 'none';
      heart.skip(5_000);
      await heart.reactor.reconcile();
      expect(await world(devices)).toEqual([]);
    });

    it('does not keep a fact that comes meanwhile waiting for the daemon', async () => {
      devices.bgp.fault = 'hang';
      await sellServer(heart, 16);
      await heart.reactor.reconcile();
      await sellServer(heart, 11);
      const started = performance.now();
      await heart.reactor.reconcile();
      expect(await realWorld()).toEqual([...entries(16), ...entries(11)].sort());
      expect(heart.reactor.nextDueMs()).toBeLessThanOrEqual(5_000);
      expect(performance.now() - started).toBeLessThan(10_000); // bounded, not timed
    });

    it('adds entries when the daemon refuses what it is given, and journals the attempt as failed', async () => {
      await sellServer(heart, 16);
      await linkUp(heart, devices, 16);
      await heart.reactor.reconcile();
      devices.bgp.fault = 'refuse';
      await heart.fact('LinkDown', { port: 'leaf1:Ethernet16' });
      await sellServer(heart, 11);
      expect(await heart.reactor.reconcile()).toMatchObject({ state: 'failing' });
      expect(await realWorld()).toEqual([...entries(16), ...entries(11), ...routes(16)].sort());
      const outcomes = (await journalOf(heart.store)).map(({ data }) => data['outcome']).filter(Boolean);
      expect(outcomes.slice(-2)).toEqual(['failed', 'confirmed']);
    });

    it('still obeys the stamp on the switch', async () => {
      await sellServer(heart, 16);
      await devices.device.writeStamp({ logId: '11111111-1111-4111-8111-111111111111', ordinal: 3 });
      devices.bgp.fault = 'unreachable';
      expect((await heart.reactor.reconcile()).brake?.code).toBe('other-log');
      expect(await realWorld()).toEqual([]);
    });
  });

  it('keeps what an interface has while one more entry for it waits to be tried again', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    const before = await world(devices);
    const apply = devices.device.apply.bind(devices.device);
    devices.device.apply = () => Promise.resolve(); // says that it worked
    await heart.fact('Ipv4AddOnBought', { serverId: 's16', addOnId: 'more', address: '198.51.100.99' });
    await heart.reactor.reconcile();
    devices.device.apply = apply;
    await sellServer(heart, 11); // wakes the reactor while the interface waits
    const status = await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...before, ...entries(11)].sort());
    expect(status.state).toBe('differs');
    heart.skip(60_000);
    await heart.reactor.reconcile();
    expect(await world(devices)).toContain('198.51.100.99 vlan16 52:54:00:00:00:16');
    expect(heart.reactor.status.state).toBe('equal');
    expect(heart.reactor.nextDueMs()).toBeUndefined();
  });

  it('announces nothing new over an entry that still has the old MAC, while that entry waits to be tried again', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 11);
    await heart.reactor.reconcile();
    const apply = devices.device.apply.bind(devices.device);
    devices.device.apply = () => Promise.resolve();
    await heart.fact('ServerNicReplaced', { serverId: 's16', mac: '52:54:00:00:99:16' }, '2026-01-02T00:00:00Z');
    await heart.reactor.reconcile();
    devices.device.apply = apply;
    await linkUp(heart, devices, 16);
    await sellServer(heart, 11);
    await heart.reactor.reconcile();
    expect((await devices.bgp.read()).owned.map(({ interface: name }) => name)).toEqual(['vlan11', 'vlan11']);
    heart.skip(60_000);
    await heart.reactor.reconcile();
    expect((await devices.bgp.read()).owned).toHaveLength(4);
  });

  it('is not woken again for an interface that nobody wants any more', async () => {
    await sellServer(heart, 16);
    devices.device.apply = () => Promise.resolve();
    await heart.reactor.reconcile();
    expect(heart.reactor.nextDueMs()).toBeGreaterThan(0);
    await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-02-01T00:00:00Z');
    heart.skip(60_000);
    await heart.reactor.reconcile();
    expect(heart.reactor.nextDueMs()).toBeUndefined();
  });

  it('says that an interface is missing, tries nothing on it and journals nothing, until it is there', async () => {
    await heart.fact('ServerAdded', {
      serverId: 's77',
      customerId: 'c1',
      port: 'leaf1:Ethernet77',
      vlan: 77,
      mac: '52:54:00:00:00:77',
    });
    await heart.fact('Ipv6PrefixAssigned', { serverId: 's77', prefix: '2001:db8:77::/48' });
    await heart.fact('LinkUp', { port: 'leaf1:Ethernet77' });
    expect((await heart.reactor.reconcile()).state).toBe('differs');
    expect(heart.alerts.get('device-refused')).toContain('vlan77');
    expect(await journalOf(heart.store)).toEqual([]);
    expect(heart.reactor.nextDueMs()).toBeUndefined();
  });

  it('names a few of many missing interfaces, and says how many more there are', async () => {
    for (let vlan = 71; vlan <= 78; vlan++) {
      const serverId = `s${vlan}`;
      const port = `leaf1:Ethernet${vlan}`;
      await heart.fact('ServerAdded', { serverId, customerId: 'c1', port, vlan, mac: `52:54:00:00:00:${vlan}` });
      await heart.fact('Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${vlan}::/48` });
    }
    await heart.reactor.reconcile();
    expect(heart.alerts.get('device-refused')).toMatch(
      /no interface (?:vlan7\d, ){4}vlan7\d and 3 more; what needs it waits/,
    );
  });

  it('forgets what it had on an interface that is gone, and announces nothing on it', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    const read = devices.device.read.bind(devices.device);
    devices.device.read = async () => {
      const state = await read();
      const interfaces = new Map([...state.interfaces].filter(([name]) => name !== 'vlan16'));
      const neighbours = state.neighbours.filter((entry) => entry.interface !== 'vlan16');
      return { ...state, interfaces, neighbours };
    };
    await heart.reactor.reconcile();
    expect((await devices.bgp.read()).owned).toEqual([]);
    devices.device.read = read;
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...entries(16), ...routes(16)].sort());
  });

  it('writes nothing to a device when the journal cannot be written', async () => {
    await sellServer(heart, 16);
    await heart.store.close();
    const status = await heart.reactor.reconcile();
    expect(status.state).toBe('failing');
    expect(await world(devices)).toEqual([]);
    expect((await devices.device.read()).stamp?.ordinal).toBe(-1);
    expect((await devices.bgp.read()).stamp).toBeUndefined();
  });

  it('journals the end of every push it began, also when the device went away in the middle', async () => {
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    const apply = devices.device.apply.bind(devices.device);
    devices.device.apply = async (changes) => {
      await apply(changes);
      devices.device.fault = devices.bgp.fault = 'unreachable';
    };
    expect((await heart.reactor.reconcile()).state).toBe('failing');
    const journal = await journalOf(heart.store);
    expect(journal.map(({ type }) => type)).toEqual(['ReconcileStarted', 'ReconcileFinished']);
    expect(journal[1]?.data).toMatchObject({ outcome: 'failed', lines: expect.anything() as object });
    for (const line of journal[1]?.data['lines'] as { readBack: string }[]) expect(line.readBack).toBe('unknown');
  });

  it('does not follow every hint of a device that fails', async () => {
    devices.device.fault = 'unreachable';
    await heart.reactor.reconcile();
    devices.device.fault = 'none';
    await sellServer(heart, 16);
    for (let hints = 0; hints < 20; hints++) heart.reactor.hint('vlan16');
    await heart.reactor.reconcile();
    expect(heart.reactor.status.state).toBe('failing');
    heart.skip(100);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(entries(16).sort());
  });

  it('lets a release go by when the plan has changed, for good', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    await devices.device.writeStamp({ logId: '11111111-1111-4111-8111-111111111111', ordinal: 3 });
    await heart.fact('ServerSuspended', { serverId: 's16' }, '2026-02-01T00:00:00Z');
    const seen = await heart.reactor.reconcile();
    await sellServer(heart, 11);
    expect(await applied(heart, seen.planHash)).toMatchObject({ said: 'other-plan' });
    await heart.fact('ServerRemoved', { serverId: 's11' }, '2026-02-01T00:00:00Z');
    expect((await heart.reactor.reconcile()).planHash).toBe(seen.planHash);
    expect(await world(devices)).toEqual(entries(16).sort());
  });

  it('journals who released a brake although there was nothing to change but the stamp', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    await devices.device.writeStamp({ logId: '11111111-1111-4111-8111-111111111111', ordinal: 3 });
    const { planHash } = await heart.reactor.reconcile();
    await applied(heart, planHash);
    expect(heart.reactor.status).toMatchObject({ state: 'equal', stamp: { logId: heart.store.logId } });
    expect((await journalOf(heart.store)).at(-2)?.data).toMatchObject({ planHash, confirmedBy: 'tok1' });
  });

  it('never touches an entry of somebody else that has taken the place of ours', async () => {
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
    const address = '198.51.100.16' as IpAddress;
    devices.device.handRemove({ interface: 'vlan16', address, mac: '52:54:00:00:00:16' as MacAddress });
    devices.device.handSet({ interface: 'vlan16', address, mac: '52:54:00:aa:aa:aa' as MacAddress });
    await heart.reactor.reconcile();
    expect(await world(devices)).toContain('198.51.100.16 vlan16 52:54:00:aa:aa:aa');
  });
});

describe('a device that is only observed', () => {
  const directory = tempDirectory();

  it('keeps showing its brake, and has nothing to release', async () => {
    const devices = simulatedDevices();
    await devices.device.writeStamp({ logId: '11111111-1111-4111-8111-111111111111', ordinal: 3 });
    const heart = await startHeart(directory, devices, 'observe');
    try {
      await sellServer(heart, 16);
      const { planHash } = await heart.reactor.reconcile();
      expect(await applied(heart, planHash)).toEqual({ said: 'observing' });
      expect(heart.reactor.status.brake?.code).toBe('other-log');
      expect(await world(devices)).toEqual([]);
    } finally {
      await heart.stop();
    }
  });
});
