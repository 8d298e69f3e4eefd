import { decodeEvent, type StoredEvent } from '../../../events/index.js';
import { mapHash } from '../../../projections/index.js';
import { type EventStore, StoreError } from '../../../src/event-store/event-store.port.js';
import { temporaryDirectories } from '../../event-store/temporary-directory.js';
import type { DecodedFrame } from '../../../src/sensor/capture/decoded-frame.js';
import type { JudgeLink, OpenJudge } from '../../../src/sensor/judge/thread/judge-link.js';
import { judgeInThread } from '../../../src/sensor/judge/thread/judge-thread.js';
import { urlNamespace, uuidV5 } from '../../../src/event-store/uuid-v5.js';
import { arp, ethernet } from '../capture/frames.js';
import { storeFact } from '../../support/publish.js';
import { openRig, type Rig, tell, until } from './sensor-rig.js';

const newDirectory = temporaryDirectories();
const rigs: Rig[] = [];
const open = async (...parameters: Parameters<typeof openRig>): Promise<Rig> => {
  const rig = await openRig(...parameters);
  rigs.push(rig);
  return rig;
};
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const evil = '525400000066';
const spoofed = (address = 'c6336410', mac = evil): Uint8Array =>
  ethernet(0x0806, arp(2, mac, address, '001c73000099', 'c6336401'), { from: mac });

const ofType = async (store: EventStore, type: string): Promise<StoredEvent[]> =>
  (await store.readAll({ limit: 10_000 })).events.filter((event) => event.type === type);

const isStored = (rig: Rig, type: string, count: number) => async (): Promise<boolean> =>
  (await ofType(rig.store, type)).length === count;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function running(rig: Rig): Promise<Rig> {
  await tell(rig.store);
  rig.projector.start();
  rig.sensor.start();
  await until('the capture runs', rig.capturing);
  return rig;
}

describe('the sensor service', () => {
  it('hears nothing before the map is live', async () => {
    const rig = await open(newDirectory());
    rig.sensor.start();
    expect(rig.capturing()).toBe(false);
    expect(rig.sensor.states().sensors).toMatchObject([{ name: 'leaf1-e66', capture: { state: 'waiting' } }]);
    rig.projector.start();
    await until('the capture runs', rig.capturing);
    expect(rig.sensor.states().sensors).toMatchObject([{ capture: { state: 'running' } }]);
  });

  it('stores a violation, its repeats and the sighting as readable events that leave the grants as they were', async () => {
    const rig = await running(await open(newDirectory()));
    const before = mapHash(rig.projector.liveMap.map);
    for (let count = 0; count < 4; count++) rig.send(spoofed());
    await until('the repeats are stored', isStored(rig, 'ViolationRepeated', 1));

    const [detected] = await ofType(rig.store, 'ViolationDetected');
    const [repeated] = await ofType(rig.store, 'ViolationRepeated');
    const [seen] = await ofType(rig.store, 'MacSeen');
    expect(detected?.data).toMatchObject({
      rule: 'address-spoof',
      victimServerId: 'srv-16',
      offenderServerId: 'srv-66',
    });
    expect(detected?.metadata).toMatchObject({ source: 'urn:portledger:sensor:leaf1-e66', schemaVersion: 2 });
    expect(repeated?.data).toMatchObject({ count: 3 });
    expect(repeated?.stream).toBe(detected?.stream);
    expect(seen).toMatchObject({ stream: 'port-leaf1:Ethernet66', data: { mac: '52:54:00:00:00:66', vlan: 66 } });
    for (const event of [detected, repeated, seen]) {
      const { source = '', sourceId = '' } = event?.metadata ?? {};
      expect(event?.id).toBe(uuidV5(uuidV5(urlNamespace, source), sourceId));
      expect(event && decodeEvent(event)).toMatchObject({ readable: true });
    }
    await until('the map has them', () => [...rig.projector.liveMap.map.violations.values()][0]?.count === 4);
    expect(mapHash(rig.projector.liveMap.map)).toBe(before);
  });

  it('goes on with an open violation after a restart', async () => {
    const directory = newDirectory();
    const first = await running(await open(directory));
    first.send(spoofed());
    await until('it is stored', isStored(first, 'ViolationDetected', 1));
    await first.close();
    rigs.length = 0;
    const second = await running(await open(directory));
    second.send(spoofed());
    await until('the repeat is stored', isStored(second, 'ViolationRepeated', 1));
    expect(await ofType(second.store, 'ViolationDetected')).toHaveLength(1);
  });

  it('settles a finding when billing speaks within the window, and tells it when not', async () => {
    const rig = await running(await open(newDirectory(), { inFlightWindowMs: 400 }));
    rig.send(spoofed('c6336442', '020000000001'));
    rig.send(spoofed('c6336442', '020000000002'));
    const { store } = rig;
    const metadata = { source: 'urn:billing', sourceId: 'nic', schemaVersion: 1, time: '2026-11-03T00:00:00.000Z' };
    const id = '00000000-0000-5000-8000-0000000000ff';
    const data = { serverId: 'srv-66', mac: '02:00:00:00:00:02' };
    await store.append({
      stream: 'server-srv-66',
      expected: 'any',
      events: [{ id, type: 'ServerNicReplaced', data, metadata }],
    });
    await until('one of them is told', isStored(rig, 'ViolationDetected', 1));
    await until('none waits', () => rig.sensor.states().judge.inFlight === 0);
    const told = await ofType(store, 'ViolationDetected');
    expect(told).toMatchObject([{ data: { rule: 'unknown-mac', etherSource: '02:00:00:00:00:01' } }]);
  });

  it('stores nothing of a frame that an event recorded before it explains, however late the judge hears of that', async () => {
    const rig = await running(await open(newDirectory(), { mapLagMs: 150 }));
    const { store } = rig;
    await storeFact(store, 'ServerResumed', { serverId: 'srv-66' });
    await storeFact(store, 'Ipv4AddOnBought', { serverId: 'srv-66', addOnId: 'more', address: '203.0.113.66' });
    rig.send(spoofed('cb007142'));
    rig.send(spoofed());
    await pause(5);
    // What is recorded after a frame explains nothing: the map hears of it in one page with what was before.
    await storeFact(store, 'Ipv4AddOnCancelled', { serverId: 'srv-66', addOnId: 'more' });
    await until('the forgery is stored', isStored(rig, 'ViolationDetected', 1));
    await rig.sensor.close();
    const told = await ofType(store, 'ViolationDetected');
    expect(told).toMatchObject([{ data: { rule: 'address-spoof', claimedAddress: '198.51.100.16' } }]);
  });

  it('loses no verdict while the store cannot answer, and stores none twice', async () => {
    let failures = 3;
    const rig = await running(
      await open(newDirectory(), {
        wrap: (store) => failingAppends(store, () => failures-- > 0),
      }),
    );
    rig.send(spoofed());
    await until('it is stored', isStored(rig, 'ViolationDetected', 1));
    await until('the trouble is over', () => rig.sensor.states().verdicts.trouble === undefined);
    expect(rig.sensor.states().verdicts).toMatchObject({ queued: 0, givenUp: 0 });
    expect(rig.log).toContain('error: verdicts not stored, will retry');
    expect(rig.log).toContain('info: verdicts stored again');
    expect(await ofType(rig.store, 'ViolationDetected')).toHaveLength(1);
    expect(await ofType(rig.store, 'MacSeen')).toHaveLength(1);
  });

  it('detects a violation anew whose verdict was given up because the queue was full', async () => {
    let down = true;
    const rig = await running(
      await open(newDirectory(), { queueLimit: 1, wrap: (store) => failingAppends(store, () => down) }),
    );
    rig.send(spoofed());
    await until('one is queued and one given up', () => {
      const { queued, givenUp } = rig.sensor.states().verdicts;
      return queued === 1 && givenUp === 1;
    });
    down = false;
    await until('the queue is empty', () => rig.sensor.states().verdicts.queued === 0);
    rig.send(spoofed());
    await until('it is stored', isStored(rig, 'ViolationDetected', 1));
  });

  it('goes on with another judge, told everything anew, when the thread of one ends by itself', async () => {
    const links: JudgeLink[] = [];
    const openJudge: OpenJudge = (...given) => {
      const link = judgeInThread(...given);
      links.push(link);
      return link;
    };
    const rig = await running(await open(newDirectory(), { openJudge }));
    rig.send(spoofed());
    await until('it is stored', isStored(rig, 'ViolationDetected', 1));
    const frame = { frame: 1 } as unknown as DecodedFrame;
    links[0]?.send({ kind: 'frame', source: 99, frame });
    await until('another judge hears', () => rig.sensor.states().judge.restarts === 1 && links.length === 2);
    expect(rig.log).toContain('error: the judge ended and is started again');
    await until('its repeat is counted by the new one', async () => {
      rig.send(spoofed());
      return (await ofType(rig.store, 'ViolationRepeated')).length > 0;
    });
    expect(await ofType(rig.store, 'ViolationDetected')).toHaveLength(1);
    expect(await ofType(rig.store, 'MacSeen')).toHaveLength(1);
  });

  it('stores what is ready when it is closed', async () => {
    const directory = newDirectory();
    const rig = await running(await open(directory));
    rig.send(spoofed());
    await rig.close();
    rigs.length = 0;
    const again = await open(directory);
    expect(await ofType(again.store, 'ViolationDetected')).toHaveLength(1);
    expect(again.sensor.states().sensors).toMatchObject([{ frames: 0 }]);
  });
});

/** The store as it is, but for appends that answer nothing: every other one of those was stored all the same. */
function failingAppends(store: EventStore, fails: () => boolean): EventStore {
  let attempts = 0;
  return new Proxy(store, {
    get(target, key) {
      if (key === 'appendMany') {
        return async (...parameters: Parameters<EventStore['appendMany']>) => {
          if (!fails()) return target.appendMany(...parameters);
          if (attempts++ % 2 === 1) await target.appendMany(...parameters);
          throw new StoreError('store-failed', 'The store did not answer; a test holds it back.');
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
