import { mkdirSync } from 'node:fs';
import type { StoredEvent } from '../../events/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import { Enroller } from '../../src/reactors/enroller.reactor.js';
import {
  type Fact,
  gatewayDeclared,
  instantOf,
  macSeen,
  serverAdded,
  serverMacAdded,
  serverNicReplaced,
  serverRemoved,
  stored,
  unreadable,
} from '../support/history.js';
import { tempDirectory } from '../support/temp-directory.js';

const port = 'leaf1:Ethernet16';
const [own, other, gateways] = ['52:54:00:00:00:16', '52:54:00:00:00:99', '02:00:00:00:00:01'];
const asked = serverAdded('s16', { customerId: 'c1', port, vlan: 16, enrolment: 'first-seen' }, 1);
const seen = (mac: string, at: number, vlan = 16): Fact => macSeen(port, { vlan, mac }, at);

interface Rig {
  readonly store: EventStore;
  readonly projector: Projector;
  readonly enroller: Enroller;
  readonly alerts: Map<string, string>;
  tell(...facts: Fact[]): Promise<void>;
  close(): Promise<void>;
}

describe('the enroller', () => {
  const directory = tempDirectory();
  let round = 0;
  let told = 0;
  let now = 0;
  let path = '';
  let rig: Rig;

  const open = async (): Promise<Rig> => {
    const store = await openEmbeddedStore({ directory: path, create: true });
    const projector = new Projector(store);
    const alerts = new Map<string, string>();
    const enroller = new Enroller({
      store,
      liveMap: projector.liveMap,
      alerts: {
        raise: (_code, key, detail) => void alerts.set(key, detail),
        clear: (_code, key) => void alerts.delete(key),
      },
      log: { error: () => {}, info: () => {} },
      now: () => now,
      settleMs: 0,
      retryMs: 20,
    });
    enroller.start();
    projector.start();
    return {
      store,
      projector,
      enroller,
      alerts,
      tell: async (...facts) => {
        const events = stored(facts, told);
        told += facts.length;
        await store.appendMany(
          events.map(({ id, stream, type, data, metadata: { source, sourceId, schemaVersion, time } }) => ({
            stream,
            expected: 'any',
            events: [{ id, type, data: data as object, metadata: { source, sourceId, schemaVersion, time } }],
          })),
        );
        await settled(store, projector);
      },
      close: async () => {
        await enroller.close();
        await projector.close();
        await store.close();
      },
    };
  };

  beforeEach(async () => {
    path = `${directory}/${round++}`;
    mkdirSync(path);
    told = 0;
    now = Date.parse(instantOf(60));
    rig = await open();
  });
  afterEach(() => rig.close());

  const macOf = (): string | undefined => rig.projector.liveMap.map.binding('s16')?.mac;

  it('enrols the only MAC seen at the place of a server for a minute, and names what led to it', async () => {
    await rig.tell(asked, seen(own, 2));
    expect(macOf()).toBe(own);
    const [event, ...more] = await enrolled(rig.store);
    expect(more).toEqual([]);
    expect(event?.data).toEqual({ serverId: 's16', mac: own, firstSeen: instantOf(2) });
    const [sale] = await streamOf(rig.store, 'server-s16');
    const [sighting] = await streamOf(rig.store, `port-${port}`);
    expect(event?.metadata).toMatchObject({ causedBy: [sale?.id, sighting?.id], time: instantOf(3) });
    expect(rig.enroller.enrolments()).toEqual([]);
  });

  it('waits for the minute to pass before it takes a MAC for the server’s', async () => {
    now = Date.parse(instantOf(2)) + 30_000;
    await rig.tell(asked, seen(own, 2));
    expect(macOf()).toBeUndefined();
    expect(rig.enroller.enrolments()).toMatchObject([
      { serverId: 's16', state: 'waiting', candidates: [{ mac: own }] },
    ]);
  });

  it('leaves two candidates to an operator, whose word settles it', async () => {
    await rig.tell(asked, seen(own, 2), seen(other, 2));
    await rig.tell(seen(own, 5));
    expect(macOf()).toBeUndefined();
    expect(rig.enroller.enrolments()).toMatchObject([
      { serverId: 's16', state: 'undecided', candidates: [{ mac: own }, { mac: other }] },
    ]);
    expect(rig.alerts.get('s16')).toContain('Publish ServerNicReplaced');
    await rig.tell(serverNicReplaced('s16', { mac: other }, 6));
    expect(macOf()).toBe(other);
    expect([rig.enroller.enrolments(), rig.alerts.size]).toEqual([[], 0]);
    expect(await enrolled(rig.store)).toEqual([]);
  });

  it('does not take the gateway’s MAC, nor one allowed beside the server’s own, for a candidate', async () => {
    await rig.tell(
      gatewayDeclared('leaf1', { addresses: ['fe80::1'], macs: [gateways] }, 0),
      serverMacAdded('s16', { mac: other, purpose: 'management' }, 1),
      asked,
      seen(gateways, 2),
      seen(other, 3),
    );
    expect(rig.enroller.enrolments()).toMatchObject([{ state: 'waiting', candidates: [] }]);
    await rig.tell(seen(own, 4));
    expect(macOf()).toBe(own);
  });

  it('does not enrol the MAC of another server', async () => {
    await rig.tell(
      serverAdded('s99', { customerId: 'c2', port: 'leaf2:Ethernet9', vlan: 99, mac: other }, 0),
      asked,
      seen(other, 2),
    );
    expect(macOf()).toBeUndefined();
    expect(rig.alerts.get('s16')).toContain(`${other} of s99`);
  });

  it('does not look at what was seen before the sale, or on another VLAN', async () => {
    await rig.tell(seen(own, 0), asked, seen(own, 5, 17));
    expect(rig.enroller.enrolments()).toMatchObject([{ state: 'waiting', candidates: [] }]);
  });

  it('enrols nothing where the sale did not ask for it, or billing named the MAC meanwhile', async () => {
    now = Date.parse(instantOf(2));
    await rig.tell(serverAdded('s17', { customerId: 'c1', port, vlan: 17 }, 1), seen(other, 2, 17));
    await rig.tell(asked, seen(own, 2), serverNicReplaced('s16', { mac: other }, 2));
    now = Date.parse(instantOf(60));
    await rig.tell(seen(own, 3), seen(own, 3, 17));
    expect(await enrolled(rig.store)).toEqual([]);
    expect([macOf(), rig.projector.liveMap.map.binding('s17')?.mac]).toEqual([other, undefined]);
  });

  it('goes on after a restart, and never enrols one life twice', async () => {
    now = Date.parse(instantOf(2)) + 30_000;
    await rig.tell(asked, seen(own, 2));
    await rig.close();
    now = Date.parse(instantOf(60));
    rig = await open();
    await settled(rig.store, rig.projector);
    expect(macOf()).toBe(own);
    await rig.close();
    rig = await open();
    await rig.tell(seen(own, 50));
    expect(await enrolled(rig.store)).toHaveLength(1);
  });

  it('enrols the next life of a server anew, with what is seen in it', async () => {
    await rig.tell(asked, seen(own, 2));
    await rig.tell(serverRemoved('s16', {}, 10), { ...asked, time: instantOf(20) });
    expect(macOf()).toBeUndefined();
    await rig.tell(seen(other, 21));
    expect(macOf()).toBe(other);
    expect(await enrolled(rig.store)).toHaveLength(2);
  });

  it('leaves a server alone whose stream is frozen', async () => {
    await rig.tell(asked, unreadable('s16', 2), seen(own, 2));
    expect(rig.enroller.enrolments()).toMatchObject([{ state: 'frozen' }]);
    expect(await enrolled(rig.store)).toEqual([]);
  });
});

async function streamOf(store: EventStore, stream: string): Promise<readonly StoredEvent[]> {
  return (await store.readStream(stream)).events;
}

async function enrolled(store: EventStore): Promise<StoredEvent[]> {
  return (await store.readAll()).events.filter(({ type }) => type === 'ServerMacEnrolled');
}

/** Until the map has everything and nothing was stored for a while. */
async function settled(store: EventStore, { liveMap }: Projector): Promise<void> {
  for (let quiet = 0; quiet < 4; quiet++) {
    const head = await store.head();
    if (head !== undefined) await liveMap.reached(head.ordinal, 30_000);
    await new Promise((resolve) => setTimeout(resolve, 25));
    if ((await store.head())?.ordinal !== head?.ordinal) quiet = 0;
  }
}
