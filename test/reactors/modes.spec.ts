import { tempDirectory } from '../support/temp-directory.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
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

describe('the modes of a device', () => {
  const directory = tempDirectory();
  let round = 0;
  let heart: Heart;
  let devices: ReturnType<typeof simulatedDevices>;

  async function start(mode: DeviceMode, isNew = false): Promise<void> {
    devices = simulatedDevices();
    heart = await startHeart(`${directory}/${round++}`, devices, mode, [], { isNew });
    await declareGateway(heart);
  }
  afterEach(() => heart.stop());

  describe('enforce, on a device that is new', () => {
    beforeEach(() => start('enforce', true));

    it('writes nothing before an operator applied the first plan, and then by itself', async () => {
      await sellServer(heart, 16);
      const status = await heart.reactor.reconcile();
      expect(status).toMatchObject({ state: 'braked', brake: { code: 'first-plan' } });
      expect(heart.alerts.get('brake-tripped')).toContain('first plan');
      expect(await world(devices)).toEqual([]);
      expect(await journalOf(heart.store)).toEqual([]);
      expect(await applied(heart)).toMatchObject({ said: 'applied', lines: [{ readBack: 'present' }, {}], left: [] });
      expect((await journalOf(heart.store))[0]?.data).toMatchObject({ confirmedBy: 'tok1' });
      await sellServer(heart, 11);
      await heart.reactor.reconcile();
      expect(await world(devices)).toHaveLength(4);
      expect(heart.alerts.size).toBe(0);
    });

    it('has nothing to approve while nothing is sold', async () => {
      expect(await heart.reactor.reconcile()).toMatchObject({ state: 'equal', brake: undefined });
      expect(await applied(heart)).toEqual({ said: 'nothing-to-do' });
      await sellServer(heart, 16);
      expect((await heart.reactor.reconcile()).brake?.code).toBe('first-plan');
    });

    it('waits for the operator also while the daemon cannot be asked', async () => {
      devices.bgp.fault = 'unreachable';
      await sellServer(heart, 16);
      await heart.reactor.reconcile();
      expect(devices.device.entries()).toEqual([]);
    });
  });

  describe('propose', () => {
    beforeEach(() => start('propose'));

    it('does a plan that was applied, and no line more', async () => {
      await sellServer(heart, 16);
      expect(await heart.reactor.reconcile()).toMatchObject({ state: 'differs', brake: undefined });
      expect(await world(devices)).toEqual([]);
      expect(await applied(heart)).toMatchObject({ said: 'applied', left: [] });
      const before = await world(devices);
      expect(before).toHaveLength(2);
      await sellServer(heart, 11);
      await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-02-01T00:00:00Z');
      await heart.reactor.reconcile();
      expect(await world(devices)).toEqual(before);
    });

    it('does nothing where the map moved since the plan was seen', async () => {
      await sellServer(heart, 16);
      const { planHash } = await heart.reactor.reconcile();
      await sellServer(heart, 11);
      expect(await applied(heart, planHash)).toMatchObject({ said: 'other-plan' });
      expect(await world(devices)).toEqual([]);
    });

    it('does nothing where the device moved since the plan was seen', async () => {
      await sellServer(heart, 16);
      await heart.reactor.reconcile();
      await applied(heart);
      await sellServer(heart, 11);
      const { planHash } = await heart.reactor.reconcile();
      const [some] = devices.device.entries();
      if (some !== undefined) devices.device.handRemove(some);
      expect(await applied(heart, planHash)).toMatchObject({ said: 'other-plan' });
      expect(await world(devices)).toHaveLength(1);
    });

    it('withdraws at once what lost its link, and waits with everything else', async () => {
      for (const vlan of [11, 16]) {
        await sellServer(heart, vlan);
        await linkUp(heart, devices, vlan);
      }
      await heart.reactor.reconcile();
      await applied(heart);
      const before = await world(devices);
      expect(before).toHaveLength(8);
      await heart.fact('LinkDown', { port: 'leaf1:Ethernet16' });
      await heart.fact('ServerRemoved', { serverId: 's11' }, '2026-02-01T00:00:00Z');
      await heart.reactor.reconcile();
      expect(await world(devices)).toEqual(before.filter((line) => !/^(2001:db8:16|198.51.100.16\/)/.test(line)));
    });

    it('adds the entries that were applied while the daemon cannot be asked, and nothing else', async () => {
      await sellServer(heart, 16);
      await linkUp(heart, devices, 16);
      const { planHash: withRoutes } = await heart.reactor.reconcile();
      devices.bgp.fault = 'unreachable';
      expect(await applied(heart, withRoutes)).toMatchObject({ said: 'other-plan' });
      expect(devices.device.entries()).toEqual([]);
      expect(await applied(heart)).toMatchObject({ said: 'applied', left: [] });
      expect(devices.device.entries()).toHaveLength(2);
    });

    it('says that a plan failed which the daemon refused', async () => {
      await sellServer(heart, 16);
      await linkUp(heart, devices, 16);
      const { planHash } = await heart.reactor.reconcile();
      devices.bgp.fault = 'refuse';
      expect(await applied(heart, planHash)).toMatchObject({
        said: 'failed',
        error: expect.stringContaining('daemon') as string,
      });
    });
  });

  it('a word is for the next look, also where that look cannot be taken', async () => {
    await start('propose');
    await sellServer(heart, 16);
    const { planHash } = await heart.reactor.reconcile();
    devices.device.fault = 'unreachable';
    expect(await applied(heart, planHash)).toMatchObject({ said: 'failed' });
    devices.device.fault = 'none';
    heart.skip(60_000);
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([]);
  });
});
