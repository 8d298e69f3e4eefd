import { tempDirectory } from '../support/temp-directory.js';
import {
  applied,
  declareGateway,
  type Heart,
  linkUp,
  sellServer,
  simulatedDevices,
  startHeart as start,
  world,
} from './reactor-bench.js';

const two = (vlan: number): string => String(vlan).padStart(2, '0');

describe('the brakes', () => {
  const directory = tempDirectory();
  const running: Heart[] = [];
  afterEach(() => Promise.all(running.splice(0).map((heart) => heart.stop())));

  async function startHeart(...args: Parameters<typeof start>): Promise<Heart> {
    const heart = await start(...args);
    running.push(heart);
    return heart;
  }

  async function stop(heart: Heart): Promise<void> {
    running.splice(running.indexOf(heart), 1);
    await heart.stop();
  }

  async function sold(name: string) {
    const devices = simulatedDevices();
    const heart = await startHeart(`${directory}/${name}`, devices);
    await declareGateway(heart);
    for (const vlan of [11, 16]) await sellServer(heart, vlan);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
    return { devices, heart, before: await world(devices) };
  }

  it('refuse to write from an empty log, withdrawals too, and say why', async () => {
    const { devices, heart, before } = await sold('empty-1');
    await stop(heart);
    const empty = await startHeart(`${directory}/empty-2`, devices);
    const status = await empty.reactor.reconcile();
    expect(status).toMatchObject({ state: 'braked', brake: { code: 'other-log' } });
    expect(status.brake?.detail).toContain('empty log');
    expect(await world(devices)).toEqual(before);
    expect(empty.alerts.has('brake-tripped')).toBe(true);
  });

  it('refuse to write from another log although it would only withdraw a route whose link is down', async () => {
    const { devices, heart, before } = await sold('other-1');
    await stop(heart);
    const other = await startHeart(`${directory}/other-2`, devices);
    await declareGateway(other);
    await sellServer(other, 16);
    await other.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    expect((await other.reactor.reconcile()).brake?.code).toBe('other-log');
    expect(await world(devices)).toEqual(before);
  });

  it('refuse a log that ends before the ordinal the device was driven from', async () => {
    const { devices, heart, before } = await sold('behind');
    await devices.device.writeStamp({ logId: heart.store.logId, ordinal: 10_000 });
    expect((await heart.reactor.reconcile()).brake?.code).toBe('log-behind');
    expect(await world(devices)).toEqual(before);
  });

  it('release once, for exactly the plan that the operator named', async () => {
    const { devices, heart } = await sold('confirm-1');
    await stop(heart);
    const empty = await startHeart(`${directory}/confirm-2`, devices);
    const { planHash } = await empty.reactor.reconcile();
    expect(await applied(empty, '0123456789abcdef')).toEqual({ said: 'other-plan', planHash });
    expect(await world(devices)).not.toEqual([]);
    expect(await applied(empty, planHash)).toMatchObject({ said: 'applied', left: [] });
    expect(await world(devices)).toEqual([]);
    expect(empty.reactor.status).toMatchObject({ state: 'equal', brake: undefined });
  });

  it('stop a removal of more than five entries whose grant went away, but let a lost link withdraw', async () => {
    const devices = simulatedDevices();
    const heart = await startHeart(`${directory}/limit`, devices);
    await declareGateway(heart);
    for (const vlan of [11, 16, 66]) await sellServer(heart, vlan);
    await sellServer(heart, 21);
    await linkUp(heart, devices, 16);
    await linkUp(heart, devices, 11);
    await heart.reactor.reconcile();
    const before = await world(devices);
    for (const vlan of [16, 66, 21])
      await heart.fact('ServerRemoved', { serverId: `s${two(vlan)}` }, '2026-02-01T00:00:00Z');
    await heart.fact('LinkDown', { port: 'leaf1:Ethernet11' });
    const status = await heart.reactor.reconcile();
    expect(status.brake?.code).toBe('removal-limit');
    expect(status.brake?.detail).toContain('6 of 8 entries');
    expect(await world(devices)).toEqual(before.filter((line) => !/^(2001:db8:11|198.51.100.11\/)/.test(line)));
    const words = 'remove 8 from leaf1';
    for (const typed of [undefined, 'yes', 'remove 7 from leaf1'])
      expect(await applied(heart, undefined, typed)).toEqual({ said: 'confirmation-needed', words });
    expect(await world(devices)).toHaveLength(10);
    expect(await applied(heart, undefined, words)).toMatchObject({ said: 'applied', left: [] });
    expect(await world(devices)).toHaveLength(2);
  });

  it('do not count routes that go because links went down', async () => {
    const devices = simulatedDevices();
    const heart = await startHeart(`${directory}/links`, devices);
    await declareGateway(heart);
    for (const vlan of [11, 16, 66, 21]) {
      await sellServer(heart, vlan);
      await linkUp(heart, devices, vlan);
    }
    await heart.reactor.reconcile();
    for (const vlan of [11, 16, 66, 21]) await heart.fact('LinkDown', { port: `leaf1:Ethernet${vlan}` });
    expect(await heart.reactor.reconcile()).toMatchObject({ state: 'equal', brake: undefined });
    expect((await devices.bgp.read()).owned).toEqual([]);
  });
});
