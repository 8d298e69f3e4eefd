import { Subject } from 'rxjs';
import type { EventType } from '../../events/index.js';
import { Backoff } from '../../src/reactors/backoff.js';
import type { GatewayReactor } from '../../src/reactors/gateway.reactor.js';
import { GatewayRunner } from '../../src/reactors/gateway.runner.js';
import { coalesced } from '../../src/reactors/runner.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { tempDirectory } from '../support/temp-directory.js';
import { type Heart, sellServer, simulatedDevices, startHeart, until, world } from './reactor-bench.js';

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('coalesced work', () => {
  it('answers any number of wake-ups during a run with exactly one more', async () => {
    const wakes = new Subject<number>();
    const ends: (() => void)[] = [];
    const subscription = coalesced(wakes, () => new Promise<void>((resolve) => ends.push(resolve))).subscribe();
    wakes.next(1);
    for (let wake = 0; wake < 50; wake++) wakes.next(wake);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await turns();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await turns();
    expect(ends).toHaveLength(2);
    wakes.next(1);
    expect(ends).toHaveLength(3);
    subscription.unsubscribe();
  });
});

describe('the gateway runner', () => {
  const directory = tempDirectory();
  let round = 0;
  let heart: Heart;
  let devices: ReturnType<typeof simulatedDevices>;
  let runner: GatewayRunner;
  let looks = 0;
  /** What the runner is told of links that are on their way; undefined where there are none. */
  let gathering: Promise<void> | undefined;

  beforeEach(async () => {
    devices = simulatedDevices();
    heart = await startHeart(`${directory}/${round++}`, devices);
    looks = 0;
    gathering = undefined;
    const read = devices.device.read.bind(devices.device);
    devices.device.read = () => (looks++, read());
    runner = new GatewayRunner({
      reactor: heart.reactor,
      switch: devices.device,
      liveMap: heart.liveMap,
      resyncMs: 0,
      ports: new Set(['leaf1:Ethernet16' as never]),
      gathering: () => gathering,
    });
  });
  afterEach(async () => {
    await runner.stop();
    await heart.stop();
  });

  const quiet = async (): Promise<number> => {
    let before = -1;
    for (let still = 0; still < 5; still = before === looks ? still + 1 : 0) {
      before = looks;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return looks;
  };

  it('looks at the device at its start, and whenever billing or the device says that something changed', async () => {
    runner.start();
    await sellServer(heart, 16);
    await until(async () => (await world(devices)).length === 2);
    devices.device.changeMac('vlan16');
    await until(async () => (await world(devices)).length === 2);
    await until(() => heart.reactor.status.state === 'equal');
  });

  it('is not woken by the link of a port that is not its own, nor by what a sensor saw', async () => {
    runner.start();
    await until(() => looks > 0);
    const before = await quiet();
    const fact = (type: EventType, data: Record<string, unknown>): Promise<number> => heart.fact(type, data);
    await fact('LinkUp', { port: 'leaf2:Ethernet1' });
    await fact('MacSeen', { port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:99' });
    expect(await quiet()).toBe(before);
    await fact('LinkUp', { port: 'leaf1:Ethernet16' });
    await until(() => looks > before);
  });

  it('looks at once at a link that comes up alone, and at links that come together when all are there', async () => {
    runner.start();
    await until(() => looks > 0);
    const before = await quiet();
    let all: () => void = () => {};
    gathering = new Promise<void>((resolve) => (all = resolve));
    const up = heart.fact('LinkUp', { port: 'leaf1:Ethernet16' });
    await up;
    const asked = looks;
    all();
    await until(() => looks > before);
    expect(asked).toBe(before);
    gathering = undefined;
    const then = await quiet();
    await heart.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await until(() => looks > then);
  });

  it.each<[string, EventType, Record<string, unknown>]>([
    ['a link that goes down', 'LinkDown', { port: 'leaf1:Ethernet16' }],
    ['what billing says', 'ServerSuspended', { serverId: 's16' }],
  ])('does not keep %s waiting for links that come up', async (_what, type, data) => {
    runner.start();
    await sellServer(heart, 16);
    await heart.fact('LinkUp', { port: 'leaf1:Ethernet16' });
    const before = await quiet();
    gathering = new Promise<void>(() => {}); // they never come
    const told = heart.fact(type, data);
    await told;
    await until(() => looks > before);
  });

  it('waits for links that never come no longer than a moment', async () => {
    runner.start();
    await until(() => looks > 0);
    const before = await quiet();
    gathering = new Promise<void>(() => {});
    await heart.fact('LinkUp', { port: 'leaf1:Ethernet16' });
    await until(() => looks > before);
  });

  it('tries again by itself when a retry is due, and rests when nothing is left to try', async () => {
    devices.device.fault = 'unreachable';
    runner.start();
    await sellServer(heart, 16);
    await until(() => heart.reactor.status.state === 'failing');
    devices.device.fault = 'none';
    await until(async () => (await world(devices)).length === 2);
    await until(() => heart.reactor.nextDueMs() === undefined);
    const before = await quiet();
    expect(await quiet()).toBe(before);
  });
});

describe('a gateway runner before the map is live', () => {
  it('does not look, whatever wakes it, and looks once the map is live', async () => {
    const { device } = simulatedDevices();
    const liveMap = new LiveMap('22222222-2222-4222-8222-222222222222');
    const backoff = new Backoff(() => 0);
    let looks = 0;
    const reactor = {
      reconcile: () => Promise.resolve(void looks++),
      hint: () => undefined,
      nextDueMs: () => backoff.nextDueMs(),
    } as unknown as GatewayReactor;
    const runner = new GatewayRunner({ reactor, switch: device, liveMap, resyncMs: 1, ports: new Set() });
    runner.start();
    device.setCarrier('vlan16', true);
    runner.nudge();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks).toBe(0);
    liveMap.becameLive();
    expect(looks).toBe(1);
    await runner.stop();
  });
});
