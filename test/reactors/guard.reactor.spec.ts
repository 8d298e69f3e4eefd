import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
import { Freeze } from '../../src/reactors/freezes.js';
import { GuardModes } from '../../src/reactors/guard-modes.js';
import { GuardReactor } from '../../src/reactors/guard.reactor.js';
import { Journal } from '../../src/reactors/journal.js';
import type { EventType } from '../../events/index.js';
import { storeFact } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';
import { HeldGuard } from './held-guard.js';
import { until } from './reactor-bench.js';

const vlans = Array.from({ length: 12 }, (_none, index) => 11 + index);
const portOf = (vlan: number): string => `leaf1:Ethernet${vlan}`;
const later = '2026-02-01T00:00:00Z';

describe('the guard reactor', () => {
  const directory = tempDirectory();
  let round = 0;
  let store: EventStore;
  let projector: Projector;
  let guard: HeldGuard;
  let modes: GuardModes;
  let alerts: Map<string, string>;
  let freeze: Freeze;
  let deviceStamp: { logId: string; ordinal: number } | undefined;
  let skipped = 0;

  const reactorIn = (mode: DeviceMode = 'enforce'): GuardReactor =>
    new GuardReactor({
      device: 'leaf1',
      mode,
      view: { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0 },
      guard,
      modes,
      portsOf: (name) => [portOf(Number(name.slice(4)))],
      deviceStamp: () => Promise.resolve(deviceStamp),
      freeze,
      liveMap: projector.liveMap,
      journal: new Journal(store, 'leaf1-guard', Date.now),
      alerts: { raise: (code, _key, detail) => alerts.set(code, detail), clear: (code) => alerts.delete(code) },
      now: () => performance.now() + skipped,
    });
  const fact = async (type: EventType, data: Record<string, unknown>, time?: string): Promise<void> => {
    await projector.liveMap.reached(await storeFact(store, type, data, time), 30_000);
  };
  const sell = async (vlan: number): Promise<void> => {
    const serverId = `s${vlan}`;
    const mac = `52:54:00:00:00:${vlan}`;
    await fact('ServerAdded', { serverId, customerId: 'c1', port: portOf(vlan), vlan, mac });
    await fact('Ipv4AddOnBought', { serverId, addOnId: 'a1', address: `198.51.100.${vlan}` });
  };
  /** Sells every port but the last, and has the first plan approved. */
  const standing = async (mode: DeviceMode = 'enforce'): Promise<GuardReactor> => {
    for (const vlan of vlans.slice(0, -1)) await sell(vlan);
    const reactor = reactorIn(mode);
    await approve(reactor);
    return reactor;
  };
  const approve = async (reactor: GuardReactor, typed?: string) => {
    const { planHash } = await reactor.reconcile();
    const outcome = reactor.apply({ planHash: planHash ?? '', by: 'tok1', typed });
    await reactor.reconcile();
    return outcome;
  };
  const journal = async () =>
    (await store.readStream('journal-leaf1-guard')).events.map(({ type, data }) => ({
      type,
      ...(data as { outcome?: string; lines?: { line: string; change: string; cause: unknown; serverId?: string }[] }),
    }));
  const open = (): string[] => [...guard.ports.values()].filter((port) => !port.closed).map((port) => port.interface);

  beforeEach(async () => {
    store = await openEmbeddedStore({ directory: `${directory}/${round++}`, create: true });
    projector = new Projector(store);
    projector.start();
    await until(() => projector.liveMap.live);
    guard = new HeldGuard(vlans.map((vlan) => `vlan${vlan}`));
    modes = new GuardModes(
      { mode: 'count', ports: {} },
      (name) => [portOf(Number(name.slice(4)))],
      () => Promise.resolve(),
    );
    alerts = new Map();
    freeze = new Freeze(new Journal(store, 'leaf1', Date.now));
    deviceStamp = undefined;
  });
  afterEach(async () => {
    await projector.close();
    await store.close();
  });

  it('writes nothing before somebody approved its first plan, and then exactly that', async () => {
    for (const vlan of vlans) await sell(vlan);
    const reactor = reactorIn();
    const shown = await reactor.reconcile();
    expect(shown).toMatchObject({ state: 'braked', brake: { code: 'first-plan' } });
    expect(guard.sent).toBe(0);
    expect(await approve(reactor)).toMatchObject({ said: 'applied' });
    expect(reactor.status).toMatchObject({ state: 'equal', plan: [] });
    expect(open()).toHaveLength(vlans.length);
    const [started, finished] = await journal();
    expect(started?.type).toBe('ReconcileStarted');
    expect(finished).toMatchObject({ outcome: 'confirmed' });
    expect(finished?.lines).toContainEqual({
      change: 'add',
      kind: 'guard',
      line: 'guard vlan11 ipv4 198.51.100.11',
      serverId: 's11',
      cause: 1,
      readBack: 'present',
    });
  });

  it('starts every port in mode count', async () => {
    await standing();
    expect([...guard.ports.values()].every(({ mode }) => mode === 'count')).toBe(true);
  });

  it('closes a suspended port, names the event, and says that it is blocked only once it drops', async () => {
    const reactor = await standing();
    await fact('ServerSuspended', { serverId: 's11' }, later);
    await reactor.reconcile();
    expect(open()).not.toContain('vlan11');
    expect(reactor.blocked).toEqual([]);
    expect((await journal()).at(-1)?.lines).toContainEqual(
      expect.objectContaining({ change: 'add', line: 'guard vlan11 closed', serverId: 's11', cause: 24 }),
    );
    await modes.order('drop', portOf(11), 'tok1', later);
    await reactor.reconcile();
    expect(reactor.blocked).toEqual(['vlan11']);
    expect((await journal()).at(-1)?.lines).toEqual([
      { change: 'add', kind: 'guard', line: 'guard vlan11 drop', cause: 'configuration', readBack: 'present' },
    ]);
    await fact('ServerResumed', { serverId: 's11' }, '2026-02-02T00:00:00Z');
    await reactor.reconcile();
    expect(open()).toContain('vlan11');
    expect(reactor.blocked).toEqual([]);
  });

  it('names the server whose port closed because it was removed', async () => {
    const reactor = await standing();
    await fact('ServerRemoved', { serverId: 's11' }, later);
    await reactor.reconcile();
    const lines = (await journal()).at(-1)?.lines ?? [];
    expect(lines.find(({ line }) => line === 'guard vlan11 closed')).toMatchObject({ serverId: 's11', cause: 24 });
    expect(lines.find(({ line }) => line === 'guard vlan11 ipv4 198.51.100.11')).toMatchObject({
      serverId: 's11',
      cause: 24,
    });
  });

  it('closes nothing above the removal limit until the words are typed', async () => {
    const reactor = await standing();
    for (const vlan of vlans.slice(0, 6)) await fact('ServerRemoved', { serverId: `s${vlan}` }, later);
    const shown = await reactor.reconcile();
    expect(shown).toMatchObject({ state: 'braked', brake: { code: 'removal-limit' } });
    expect(alerts.get('guard-brake-tripped')).toContain('would remove 6 of 11 open ports');
    expect(open()).toHaveLength(11);
    expect(await approve(reactor)).toEqual({ said: 'confirmation-needed', words: 'close 6 ports of leaf1' });
    expect(await approve(reactor, 'close 5 ports of leaf1')).toMatchObject({ said: 'confirmation-needed' });
    expect(open()).toHaveLength(11);
    expect(await approve(reactor, 'close 6 ports of leaf1')).toMatchObject({ said: 'applied' });
    expect(open()).toHaveLength(5);
    expect(alerts.has('guard-brake-tripped')).toBe(false);
  });

  it('holds the limit also where the guard itself is gone and cannot tell what was open', async () => {
    const reactor = await standing();
    guard.flush();
    for (const vlan of vlans.slice(0, 6)) await fact('ServerRemoved', { serverId: `s${vlan}` }, later);
    expect(await reactor.reconcile()).toMatchObject({ brake: { code: 'removal-limit' } });
    const restarted = reactorIn();
    expect(await restarted.reconcile()).toMatchObject({ brake: { code: 'removal-limit' } });
    expect(guard.rules).toBe('missing');
  });

  it('does not count a server that moved as one that lost its grant', async () => {
    const reactor = await standing();
    await fact('ServerMoved', { serverId: 's11', port: portOf(22), vlan: 22 }, later);
    for (const vlan of vlans.slice(1, 6)) await fact('ServerSuspended', { serverId: `s${vlan}` }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal' });
    expect(open()).toEqual(['vlan17', 'vlan18', 'vlan19', 'vlan20', 'vlan21', 'vlan22']);
  });

  it.each([
    ['another log', { logId: 'another', ordinal: 3 }, 'other-log'],
    ['a longer log', undefined, 'log-behind'],
  ])('writes nothing where the device was driven from %s', async (_what, stamp, code) => {
    const reactor = await standing();
    deviceStamp = stamp ?? { logId: projector.liveMap.logId, ordinal: 900 };
    await fact('ServerSuspended', { serverId: 's11' }, later);
    const { sent } = guard;
    expect(await reactor.reconcile()).toMatchObject({ state: 'braked', brake: { code } });
    expect(guard.sent).toBe(sent);
  });

  it('writes nothing from an empty log: it would let nobody in', async () => {
    const reactor = reactorIn();
    expect(await reactor.reconcile()).toMatchObject({ brake: { code: 'log-empty' } });
    expect(guard.sent).toBe(0);
  });

  it('writes nothing to a device that is observed, and says so; nor to one that is frozen, whoever approves', async () => {
    const reactor = await standing();
    await fact('ServerSuspended', { serverId: 's11' }, later);
    const { sent } = guard;
    const observing = reactorIn('observe');
    expect(await observing.reconcile()).toMatchObject({ state: 'differs', idle: 'the device is only observed' });
    expect(await approve(observing)).toEqual({ said: 'observing' });
    const proposing = reactorIn('propose');
    expect(await proposing.reconcile()).toMatchObject({ state: 'differs' });
    await freeze.freeze('looking into it', 'tok1');
    expect(await reactor.reconcile()).toMatchObject({ state: 'frozen', brake: { code: 'frozen' } });
    expect(await approve(reactor)).toMatchObject({ said: 'frozen' });
    expect(guard.sent).toBe(sent);
    await freeze.resume('tok1', undefined);
    expect(await approve(proposing)).toMatchObject({ said: 'applied' });
  });

  it('does not take a word for another plan', async () => {
    const reactor = await standing('propose');
    const outcome = reactor.apply({ planHash: '0'.repeat(16), by: 'tok1', typed: undefined });
    await reactor.reconcile();
    expect(await outcome).toMatchObject({ said: 'other-plan' });
  });

  it('journals what reading back showed and not what the driver said, and tries again later', async () => {
    const reactor = await standing();
    guard.misbehaves = 'says-done';
    await fact('ServerSuspended', { serverId: 's11' }, later);
    expect(await reactor.reconcile()).toMatchObject({ state: 'differs' });
    expect((await journal()).at(-1)).toMatchObject({ outcome: 'partial' });
    expect(reactor.nextDueMs()).toBeGreaterThan(0);
    guard.misbehaves = 'refuses';
    skipped += 60_000;
    expect(await reactor.reconcile()).toMatchObject({ state: 'failing', error: 'leaf1: nft refused the change' });
    expect(alerts.get('guard-failing')).toContain('nft refused');
    expect((await journal()).at(-1)).toMatchObject({ outcome: 'failed' });
    guard.misbehaves = 'not';
    skipped += 60_000;
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal', error: undefined });
    expect(alerts.size).toBe(0);
  });

  it('calls what changed by itself drift, and puts it back', async () => {
    const reactor = await standing();
    const held = guard.ports.get('vlan11');
    if (held !== undefined) guard.ports.set('vlan11', { ...held, ipv4: [] });
    await reactor.reconcile();
    expect((await journal()).at(-1)?.lines).toMatchObject([
      { line: 'guard vlan11 ipv4 198.51.100.11', cause: 'drift' },
    ]);
    guard.flush();
    await reactor.reconcile();
    expect(guard.rules).toBe('intact');
    expect((await journal()).at(-1)?.lines?.every(({ cause }) => cause === 'drift')).toBe(true);
  });

  it('goes on at every other port while an interface is missing, and guards it when it is there', async () => {
    guard.present.delete('vlan11');
    const reactor = await standing();
    expect(reactor.status).toMatchObject({ state: 'differs', missing: ['vlan11'] });
    expect(guard.ports.size).toBe(vlans.length - 1);
    guard.present.add('vlan11');
    expect(await reactor.reconcile()).toMatchObject({ state: 'equal', missing: [], plan: [] });
  });

  it('shows each port with its rules in words, who wants its mode, and what it does', async () => {
    const reactor = await standing();
    await modes.order('drop', undefined, 'tok1', later);
    guard.counts.set('vlan11', {
      seen: { frames: 9, bytes: 900 },
      hits: { redirect: { frames: 2, bytes: 172 } },
    });
    await reactor.reconcile();
    expect(reactor.status).toMatchObject({ mode: 'drop', modeFrom: 'token tok1 for the device' });
    expect(reactor.status.ports[0]).toMatchObject({
      interface: 'vlan11',
      ports: [portOf(11)],
      serverId: 's11',
      mode: 'drop',
      effect: 'drops',
      seen: 9,
      hits: [{ kind: 'redirect', frames: 2, bytes: 172 }],
    });
    expect(reactor.status.ports[0]?.rules.join(' ')).toContain('IPv4 from 198.51.100.11, and DHCP');
    expect(reactor.status.ports.at(-1)).toMatchObject({
      closed: 'sold to nobody',
      rules: ['Nothing comes in: sold to nobody.'],
    });
  });
});
