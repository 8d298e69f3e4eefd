import type { Ipv4Address, Ipv6Address, MacAddress } from '../../events/index.js';
import type { DhcpLease } from '../../src/drivers/dhcp/dhcp.port.js';
import { SimulatedDhcp } from '../../src/drivers/dhcp/simulated.dhcp.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
import { DhcpReactor } from '../../src/reactors/dhcp.reactor.js';
import { later, PartBench, vlans } from './part-bench.js';

describe('the DHCP reactor', () => {
  const bench = PartBench.around('dhcp');
  let dhcp: SimulatedDhcp;

  const reactorIn = (mode: DeviceMode = 'enforce'): DhcpReactor =>
    new DhcpReactor({ ...bench.optionsIn(mode), pairing: 'server', dhcp });
  const standing = async (mode: DeviceMode = 'enforce'): Promise<DhcpReactor> => {
    await bench.sellAll();
    const reactor = reactorIn(mode);
    await bench.approve(reactor);
    return reactor;
  };
  const lease = (vlan: number, of: Partial<DhcpLease> = {}): DhcpLease => ({
    family: 4,
    address: `198.51.100.${vlan}` as Ipv4Address,
    vlan,
    mac: `52:54:00:00:00:${vlan}` as MacAddress,
    ...of,
  });

  beforeEach(() => {
    dhcp = new SimulatedDhcp(
      'leaf1',
      vlans.map((vlan) => `vlan${vlan}`),
    );
  });

  it('writes nothing before somebody approved its first plan, and then exactly that, and journals it', async () => {
    await bench.sellAll();
    const reactor = reactorIn();
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code: 'first-plan' } });
    expect(dhcp.pushes).toBe(0);
    expect(await bench.approve(reactor)).toMatchObject({ said: 'applied', left: [] });
    expect(reactor.status).toMatchObject({ state: 'equal', plan: [] });
    expect(dhcp.v4.hosts.get('vlan11')).toMatchObject({ listen: '100.64.0.11', routers: ['198.51.100.1'] });
    const [started, finished] = await bench.journal();
    expect([started?.type, finished?.outcome]).toEqual(['ReconcileStarted', 'confirmed']);
    expect(finished?.lines).toContainEqual({
      change: 'add',
      kind: 'dhcp',
      line: 'dhcp4 vlan11 52:54:00:00:00:11 198.51.100.11',
      serverId: 's11',
      cause: 3,
      readBack: 'present',
    });
  });

  it('only shows in mode observe, and in mode propose waits for every plan', async () => {
    await bench.sell(11);
    expect(await reactorIn('observe').reconcile()).toMatchObject({
      state: 'differs',
      idle: 'the device is only observed',
    });
    const proposing = reactorIn('propose');
    expect(await proposing.reconcile()).toMatchObject({ state: 'differs', brake: undefined });
    expect(dhcp.pushes).toBe(0);
    await bench.approve(proposing);
    expect(dhcp.v4.hosts.size).toBe(1);
  });

  it('takes away what billing took back, and names the server and the event', async () => {
    const reactor = await standing();
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    await reactor.reconcile();
    expect(dhcp.v4.hosts.has('vlan11')).toBe(false);
    expect((await bench.journal()).at(-1)?.lines).toContainEqual(
      expect.objectContaining({
        change: 'remove',
        line: 'dhcp4 vlan11 52:54:00:00:00:11 198.51.100.11',
        serverId: 's11',
        cause: 39, // after the gateway, 36 facts and the journal of the first plan
      }),
    );
  });

  it('stops where more than the limit would go, and goes on by the words that say so', async () => {
    const reactor = await standing();
    for (const vlan of vlans.slice(0, 6)) await bench.fact('ServerRemoved', { serverId: `s${vlan}` }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code: 'removal-limit' } });
    expect(bench.alerts.get('dhcp-brake-tripped')).toMatch(/^removal-limit/);
    expect(dhcp.v4.hosts.size).toBe(12);
    expect(await bench.approve(reactor)).toEqual({
      said: 'confirmation-needed',
      words: 'end dhcp at 6 interfaces of leaf1',
    });
    expect(await bench.approve(reactor, 'end dhcp at 6 interfaces of leaf1')).toMatchObject({ said: 'applied' });
    expect(dhcp.v4.hosts.size).toBe(6);
  });

  it.each<[string, string, () => void]>([
    [
      'the daemons were driven from another log',
      'other-log',
      () => void (dhcp.v4.stamp = { logId: 'other', ordinal: 1 }),
    ],
    [
      'the device was driven from another log',
      'other-log',
      () => void (bench.deviceStamp = { logId: 'other', ordinal: 1 }),
    ],
    [
      'the log ends before what drove them',
      'log-behind',
      () => void (dhcp.v4.stamp = { logId: bench.projector.liveMap.logId, ordinal: 9_999 }),
    ],
    ['nobody knows which log made what is there', 'stamp-missing', () => void (dhcp.v4.stamp = undefined)],
  ])('writes nothing where %s', async (_what, code, change) => {
    const reactor = await standing();
    const before = dhcp.pushes;
    change();
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code } });
    expect(dhcp.pushes).toBe(before);
  });

  it('writes nothing while the device is frozen', async () => {
    const reactor = await standing();
    await bench.freeze.freeze('maintenance', 'tok1');
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'frozen' });
    expect(dhcp.v4.hosts.has('vlan11')).toBe(true);
  });

  it('tells that a daemon refused, keeps trying later, and leaves what it had', async () => {
    const reactor = await standing();
    dhcp.v4.fault = 'refuses';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({
      state: 'failing',
      error: expect.stringContaining('it refuses every change') as string,
    });
    expect(bench.alerts.get('dhcp-failing')).toContain('refuses');
    expect(dhcp.v4.hosts.has('vlan11')).toBe(true);
    expect((await bench.journal()).at(-1)?.outcome).toBe('failed');
    dhcp.v4.fault = dhcp.v6.fault = 'none';
    bench.skipped += (reactor.nextDueMs() ?? 0) + 1;
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(bench.alerts.has('dhcp-failing')).toBe(false);
  });

  it.each<['is stopped' | 'refuses', string, () => void]>([
    ['is stopped', 'the simulated DHCPv4 daemon: it is not running', () => dhcp.setRunning(4, false)],
    ['refuses', 'the simulated DHCPv4 daemon: it refuses every change', () => void (dhcp.v4.fault = 'refuses')],
  ])(
    'goes on with one daemon while the other one %s, tells it all the time, and catches up',
    async (_what, told, fail) => {
      const reactor = await standing();
      fail();
      for (const [vlan, left] of [
        [11, 11],
        [12, 10],
      ] as const) {
        await bench.fact('ServerRemoved', { serverId: `s${vlan}` }, later);
        expect(await reactor.reconcile()).toMatchObject({
          state: 'failing',
          error: expect.stringContaining(told) as string,
        });
        expect([dhcp.v4.hosts.size, dhcp.v6.hosts.size]).toEqual([12, left]);
        expect(bench.alerts.get('dhcp-failing')).toContain(told);
      }
      const lines = (await bench.journal()).flatMap((one) => one.lines ?? []);
      expect(lines).toContainEqual(expect.objectContaining({ line: `dhcp6 vlan12 known by fe80::5054:ff:fe00:12` }));
      dhcp.setRunning(4, true);
      reactor.hint();
      bench.skipped += 101; // the shortest pause
      expect(await reactor.reconcile()).toMatchObject({ state: 'equal', error: undefined });
      expect([dhcp.v4.hosts.size, bench.alerts.has('dhcp-failing')]).toEqual([10, false]);
    },
  );

  it('lets a daemon that cannot be read wait once, also where it was looked at twice since the other one was pushed', async () => {
    const reactor = await standing();
    dhcp.setRunning(4, false);
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'failing' });
    expect(dhcp.v6.hosts.size).toBe(11);
    expect(reactor.nextDueMs()).toBeLessThanOrEqual(500);
    bench.skipped += 501;
    await reactor.reconcile();
    expect(reactor.nextDueMs()).toBeGreaterThan(500);
  });

  it('answers an approval with what was done, also while the other daemon cannot be read', async () => {
    const reactor = await standing('propose');
    dhcp.setRunning(4, false);
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    const answer = await bench.approve(reactor);
    const lines = answer.said === 'applied' ? answer.lines : [];
    expect(new Set(lines.map(({ line, readBack }) => `${line.slice(0, 12)} ${readBack}`))).toEqual(
      new Set(['dhcp6 vlan11 absent']),
    );
    expect([dhcp.v4.hosts.size, dhcp.v6.hosts.size]).toEqual([12, 11]);
    expect(reactor.status).toMatchObject({ state: 'failing', error: expect.stringContaining('not running') as string });
  });

  it('does not say of a daemon that ended while it was driven that its lines are there, or are not', async () => {
    const reactor = await standing();
    dhcp.v4.fault = 'dies';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'failing' });
    const last = (await bench.journal()).at(-1);
    expect(last?.outcome).toBe('failed');
    const shown = last?.lines?.map(({ line, readBack }) => [line.slice(0, 5), readBack]) ?? [];
    expect(new Set(shown.map(String))).toEqual(new Set(['dhcp4,unknown', 'dhcp6,absent']));
    expect(bench.alerts.has('dhcp-unproved')).toBe(false);
  });

  it('does not believe a success that reading back does not show', async () => {
    const reactor = await standing();
    dhcp.v4.fault = dhcp.v6.fault = 'lies';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'differs' });
    expect((await bench.journal()).at(-1)?.outcome).toBe('partial');
  });

  it('tells which lines were not read back after a push that reported no error, until all is equal', async () => {
    const reactor = await standing();
    dhcp.v4.fault = dhcp.v6.fault = 'lies';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    await reactor.reconcile();
    expect(bench.alerts.get('dhcp-unproved')).toMatch(
      /^reading back does not show what was pushed: dhcp4 vlan11 52:54:00:00:00:11 198\.51\.100\.11; .+ \(and \d+ more\)$/,
    );
    dhcp.v4.fault = dhcp.v6.fault = 'none';
    bench.skipped += (reactor.nextDueMs() ?? 0) + 1;
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(bench.alerts.has('dhcp-unproved')).toBe(false);
  });

  it('lets a daemon wait once for a push that was not read back, however many lines it had', async () => {
    const reactor = await standing();
    dhcp.v4.fault = dhcp.v6.fault = 'lies';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    await reactor.reconcile();
    expect(reactor.nextDueMs()).toBeLessThanOrEqual(500);
  });

  it('saves again what could not be saved', async () => {
    const reactor = await standing();
    dhcp.v4.fault = 'unsaved';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    await reactor.reconcile();
    expect(dhcp.v4.saved).toBe(false);
    dhcp.v4.fault = dhcp.v6.fault = 'none';
    bench.skipped += (reactor.nextDueMs() ?? 0) + 1;
    await reactor.reconcile();
    expect([dhcp.v4.saved, reactor.status.state]).toEqual([true, 'equal']);
  });

  it('pushes again after an engine that ended in the middle', async () => {
    await standing();
    const broken = bench.newJournal();
    await broken.started({ planId: 'p-dead', desiredOrdinal: 1, planHash: '0'.repeat(16) });
    const before = dhcp.pushes;
    const reactor = reactorIn();
    await reactor.reconcile();
    expect([dhcp.pushes, reactor.status.state]).toEqual([before + dhcp.families.length, 'equal']);
    expect((await bench.journal()).some(({ outcome }) => outcome === 'failed')).toBe(true);
  });

  it('puts back as drift what somebody took away', async () => {
    const reactor = await standing();
    dhcp.v4.hosts.delete('vlan11');
    await reactor.reconcile();
    expect(dhcp.v4.hosts.has('vlan11')).toBe(true);
    expect((await bench.journal()).at(-1)?.lines).toContainEqual(
      expect.objectContaining({ change: 'add', line: 'dhcp4 vlan11 52:54:00:00:00:11 198.51.100.11', cause: 'drift' }),
    );
  });

  it('tells of an interface where the daemon has no open socket', async () => {
    dhcp.deaf.add('vlan11');
    const reactor = await standing();
    expect(reactor.status).toMatchObject({ state: 'differs' });
    expect(reactor.status.plan.map(({ line }) => line)).toEqual(['dhcp4 vlan11 listens', 'dhcp6 vlan11 listens']);
    await reactor.reconcile();
    expect(bench.alerts.get('dhcp-incomplete')).toContain('no open socket: dhcp4 vlan11 listens');
    dhcp.deaf.clear();
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(bench.alerts.has('dhcp-incomplete')).toBe(false);
  });

  it('withholds what no daemon could serve, and serves all others', async () => {
    bench.interfaces.delete('vlan11');
    const shared = bench.interfaces.get('vlan12');
    if (shared !== undefined) bench.interfaces.set('vlan12', { ...shared, addresses: ['198.51.100.1' as Ipv4Address] });
    const reactor = await standing();
    expect(reactor.status.withheld.map(({ serverId, reason }) => [serverId, reason])).toEqual([
      ['s11', 'the device has no interface vlan11'],
      ['s12', 'vlan12 has no IPv4 address that no other interface has; give it one, such as 100.64.0.16/32'],
      ['s12', 'vlan12 has no link-local address'],
    ]);
    expect([dhcp.v4.hosts.size, dhcp.v6.hosts.size]).toEqual([10, 10]);
  });

  it('ends leases of a replaced card and of places that are gone, and no other', async () => {
    const reactor = await standing();
    await bench.fact('ServerNicReplaced', { serverId: 's11', mac: '52:54:00:00:00:99' }, later);
    await bench.fact('ServerRemoved', { serverId: 's12' }, later);
    dhcp.leases = [lease(11), lease(12), lease(13)];
    await reactor.reconcile();
    expect(dhcp.leases).toEqual([lease(13)]);
    expect((await bench.journal()).at(-1)?.lines).toContainEqual(
      expect.objectContaining({
        change: 'remove',
        line: 'lease4 vlan 11 198.51.100.11 of 52:54:00:00:00:11',
        serverId: 's11',
      }),
    );
  });

  const other = lease(11, {
    family: 6,
    address: '2001:db8:11::c633:640b' as Ipv6Address,
    duid: '00:02:00:00:01:37:aa',
  });

  it('ends the lease of another identity only where a machine was refused because of it', async () => {
    const reactor = await standing();
    dhcp.leases = [other];
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(dhcp.leases).toEqual([other]);
    dhcp.refused.add(11);
    await reactor.reconcile();
    expect(dhcp.leases).toEqual([]);
  });

  it('leaves a machine alone that changes its identity for ever, tells of it, and tries again later', async () => {
    const reactor = await standing();
    let ended = 0;
    for (let times = 0; times < 40; times++) {
      dhcp.leases = [other];
      dhcp.refused.add(11);
      await reactor.reconcile();
      ended += 1 - dhcp.leases.length;
    }
    expect(ended).toBe(8);
    expect(bench.alerts.get('dhcp-incomplete')).toContain('changes its identity');
    bench.skipped += 600_001;
    await reactor.reconcile();
    expect(dhcp.leases).toEqual([]);
  });
});
