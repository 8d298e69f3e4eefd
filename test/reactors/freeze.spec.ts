import { DeviceError } from '../../src/drivers/switch/switch.port.js';
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

describe('a frozen device', () => {
  const directory = tempDirectory();
  let round = 0;
  let path = '';
  let heart: Heart;
  let devices: ReturnType<typeof simulatedDevices>;

  beforeEach(async () => {
    devices = simulatedDevices();
    path = `${directory}/${round++}`;
    heart = await startHeart(path, devices);
    await declareGateway(heart);
    await sellServer(heart, 16);
    await linkUp(heart, devices, 16);
    await heart.reactor.reconcile();
  });
  afterEach(() => heart.stop());

  it('is not written to, not even to withdraw, and says so loudly; resumed, it catches up', async () => {
    const before = await world(devices);
    await heart.freeze.freeze('a bad change is under way', 'tok1');
    await heart.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await sellServer(heart, 11);
    const status = await heart.reactor.reconcile();
    expect(status).toMatchObject({ state: 'frozen', brake: { code: 'frozen' } });
    expect(status.brake?.detail).toMatch(/frozen by tok1 at \S+Z: a bad change is under way/);
    expect(heart.alerts.get('device-frozen')).toContain('a bad change is under way');
    expect(await applied(heart)).toMatchObject({ said: 'frozen' });
    expect((await devices.bgp.read()).owned).toHaveLength(2);
    expect(devices.device.entries()).toHaveLength(2);
    expect(before).toHaveLength(4);
    await heart.freeze.resume('tok2', undefined);
    expect(await heart.reactor.reconcile()).toMatchObject({ state: 'equal', brake: undefined });
    expect(heart.alerts.size).toBe(0);
    expect((await devices.bgp.read()).owned).toEqual([]);
    const words = (await journalOf(heart.store)).filter(({ type }) => type.startsWith('Device'));
    expect(words.map(({ type, data }) => [type, data['by']])).toEqual([
      ['DeviceFrozen', 'tok1'],
      ['DeviceResumed', 'tok2'],
    ]);
  });

  it.each(['freeze', 'freezeAll'] as const)('stays frozen through a restart of the engine (%s)', async (which) => {
    await heart[which].freeze('night', 'tok1');
    await sellServer(heart, 11);
    await heart.stop();
    heart = await startHeart(path, devices);
    expect((await heart.reactor.reconcile()).state).toBe('frozen');
    expect(devices.device.entries()).toHaveLength(2);
    expect(await heart[which].resume('tok1', 'day')).toBe(true);
    await heart.stop();
    heart = await startHeart(path, devices);
    expect((await heart.reactor.reconcile()).state).toBe('equal');
    expect(devices.device.entries()).toHaveLength(4);
    expect(await heart[which].resume('tok1', undefined)).toBe(false);
  });

  it('stays frozen by its own name when the freeze of every device ends', async () => {
    await heart.freeze.freeze('this one', 'tok1');
    await heart.freezeAll.freeze('all', 'tok1');
    await heart.freezeAll.resume('tok1', undefined);
    expect((await heart.reactor.reconcile()).brake?.detail).toContain('this one');
  });

  it('is frozen although that could not be stored, and resumed only once that is stored', async () => {
    await heart.freeze.freeze('first', 'tok1');
    await heart.store.close();
    await expect(heart.freeze.resume('tok1', undefined)).rejects.toThrow();
    expect(heart.freeze.current?.reason).toBe('first');
  });

  it('freezes itself after three pushes within ten minutes that had to be brought back', async () => {
    await sellServer(heart, 11);
    devices.device.apply = () => Promise.reject(new DeviceError('leaf1', 'rolled-back', 'the session was aborted'));
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await heart.reactor.reconcile()).state).toBe('failing');
      expect(heart.freeze.current === undefined).toBe(attempt < 2);
      heart.skip(60_000);
    }
    expect(await heart.reactor.reconcile()).toMatchObject({ state: 'frozen' });
    expect(heart.alerts.get('device-frozen')).toContain('three pushes failed within ten minutes');
    expect(heart.alerts.get('device-frozen')).toContain('the session was aborted');
  });

  it('does not freeze itself for pushes that failed long apart, nor because the device was away', async () => {
    await sellServer(heart, 11);
    const fail = (code: DeviceError['code']): void => {
      devices.device.apply = () => Promise.reject(new DeviceError('leaf1', code, 'no'));
    };
    fail('rolled-back');
    for (let attempt = 0; attempt < 4; attempt++) {
      await heart.reactor.reconcile();
      heart.skip(6 * 60_000);
    }
    fail('unreachable');
    for (let attempt = 0; attempt < 6; attempt++) {
      await heart.reactor.reconcile();
      heart.skip(60_000);
    }
    expect(heart.freeze.current).toBeUndefined();
  });
});
