import type { IpAddress } from '../../events/index.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
import { RaReactor } from '../../src/reactors/ra.reactor.js';
import { HeldRa } from './held-ra.js';
import { later, PartBench, vlans } from './part-bench.js';

describe('the reactor of router advertisements', () => {
  const bench = PartBench.around('ra');
  let ra: HeldRa;

  const reactorIn = (mode: DeviceMode = 'enforce'): RaReactor =>
    new RaReactor({
      ...bench.optionsIn(mode),
      ra,
    });
  const standing = async (mode: DeviceMode = 'enforce'): Promise<RaReactor> => {
    await bench.sellAll();
    const reactor = reactorIn(mode);
    await bench.approve(reactor);
    return reactor;
  };

  beforeEach(() => {
    ra = new HeldRa(vlans.map((vlan) => `vlan${vlan}`));
  });

  it('writes nothing before somebody approved its first plan, and then exactly that, and journals it', async () => {
    await bench.sellAll();
    const reactor = reactorIn();
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code: 'first-plan' } });
    expect(ra.pushes).toBe(0);
    expect(await bench.approve(reactor)).toMatchObject({ said: 'applied', left: [] });
    expect(reactor.status).toMatchObject({ state: 'equal', plan: [], daemon: 'loaded' });
    expect(ra.heard.get('vlan11')).toEqual({ interface: 'vlan11', router: 'fe80::1' });
    const [started, finished] = await bench.journal();
    expect([started?.type, finished?.outcome]).toEqual(['ReconcileStarted', 'confirmed']);
    expect(finished?.lines).toContainEqual({
      change: 'add',
      kind: 'ra',
      line: 'ra vlan11 from fe80::1',
      serverId: 's11',
      cause: 3,
      readBack: 'present',
    });
  });

  it('takes away what billing took back, and names the server and the event', async () => {
    const reactor = await standing();
    await bench.fact('ServerSuspended', { serverId: 's11' }, later);
    await reactor.reconcile();
    expect(ra.heard.has('vlan11')).toBe(false);
    expect(ra.heard.size).toBe(11);
    const ordinal = bench.projector.liveMap.map.binding('s11')?.changedAt;
    expect((await bench.journal()).at(-1)?.lines).toEqual([
      expect.objectContaining({ change: 'remove', line: 'ra vlan11 from fe80::1', serverId: 's11', cause: ordinal }),
    ]);
  });

  it('stops where more than the limit would go, and goes on by the words that say so', async () => {
    const reactor = await standing();
    for (const vlan of vlans.slice(0, 6)) await bench.fact('ServerRemoved', { serverId: `s${vlan}` }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code: 'removal-limit' } });
    expect(bench.alerts.get('ra-brake-tripped')).toMatch(/^removal-limit/);
    expect(ra.heard.size).toBe(12);
    const words = 'end ra at 6 interfaces of leaf1';
    expect(await bench.approve(reactor)).toEqual({ said: 'confirmation-needed', words });
    expect(await bench.approve(reactor, words)).toMatchObject({ said: 'applied' });
    expect(ra.heard.size).toBe(6);
  });

  it.each<[string, string, () => void]>([
    ['the file was written from another log', 'other-log', () => void (ra.stamp = { logId: 'other', ordinal: 1 })],
    [
      'the device was driven from another log',
      'other-log',
      () => void (bench.deviceStamp = { logId: 'other', ordinal: 1 }),
    ],
    [
      'the log ends before what drove it',
      'log-behind',
      () => void (ra.stamp = { logId: bench.projector.liveMap.logId, ordinal: 9_999 }),
    ],
  ])('writes nothing where %s', async (_what, code, change) => {
    const reactor = await standing();
    const before = ra.pushes;
    change();
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code } });
    expect(ra.pushes).toBe(before);
  });

  it('writes nothing over a file that was never ours', async () => {
    await bench.sellAll();
    ra.file = 'changed';
    expect(await reactorIn().reconcile()).toMatchObject({ state: 'braked', brake: { code: 'stamp-missing' } });
    expect(ra.pushes).toBe(0);
  });

  it.each(['changed', 'missing'] as const)('puts back as drift a file of ours that is %s', async (file) => {
    const reactor = await standing();
    [ra.file, ra.stamp] = [file, undefined];
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(ra.file).toBe('intact');
    expect((await bench.journal()).at(-1)?.lines).toContainEqual(
      expect.objectContaining({ change: 'add', line: 'ra file', cause: 'drift' }),
    );
  });

  it('writes nothing while the device is frozen', async () => {
    const reactor = await standing();
    await bench.freeze.freeze('maintenance', 'tok1');
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'frozen' });
    expect(ra.heard.has('vlan11')).toBe(true);
  });

  it('keeps the file right while radvd does not run, tells that, and journals no try to wake it', async () => {
    const reactor = await standing();
    ra.setRunning(false);
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'differs', daemon: 'stopped' });
    expect(ra.written.has('vlan11')).toBe(false);
    expect(bench.alerts.get('ra-incomplete')).toContain('radvd is not running');
    const [pushes, journaled] = [ra.pushes, (await bench.journal()).length];
    expect(await reactor.reconcile()).toMatchObject({ state: 'differs' });
    expect([ra.pushes, (await bench.journal()).length]).toEqual([pushes, journaled]);
    ra.setRunning(true);
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(bench.alerts.has('ra-incomplete')).toBe(false);
  });

  it('tells that radvd refused, keeps trying later, and leaves what it had', async () => {
    const reactor = await standing();
    ra.misbehaves = 'refuses';
    await bench.fact('ServerRemoved', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'failing' });
    expect(bench.alerts.get('ra-failing')).toContain('refuses');
    expect(ra.heard.has('vlan11')).toBe(true);
    ra.misbehaves = 'not';
    bench.skipped += (reactor.nextDueMs() ?? 0) + 1;
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(bench.alerts.has('ra-failing')).toBe(false);
  });

  it('withholds what would not come from an address of the gateway, and advertises all others', async () => {
    bench.interfaces.delete('vlan11');
    const other = bench.interfaces.get('vlan12');
    if (other !== undefined) bench.interfaces.set('vlan12', { ...other, addresses: ['fe80::99' as IpAddress] });
    const reactor = await standing();
    expect(reactor.status.withheld.map(({ serverId, reason }) => [serverId, reason])).toEqual([
      ['s11', 'the device has no interface vlan11'],
      ['s12', 'vlan12 has none of the link-local addresses of its gateway (fe80::1)'],
    ]);
    expect(bench.alerts.get('ra-incomplete')).toBe('s11: vlan11: the device has no interface vlan11 (and 1 more)');
    expect(ra.heard.size).toBe(10);
  });
});
