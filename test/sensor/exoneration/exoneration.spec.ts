import { mkdirSync } from 'node:fs';
import type { StoredEvent } from '../../../events/index.js';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../../src/event-store/event-store.port.js';
import { Projector } from '../../../src/projector/projector.js';
import { Exoneration } from '../../../src/sensor/exoneration/exoneration.js';
import {
  type Fact,
  gatewayDeclared,
  instantOf,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  type PlainData,
  serverAdded,
  serverRecordCorrected,
  serverSuspended,
  serverTransferred,
  stored,
  violationDetected,
  violationRepeated,
} from '../../support/history.js';
import { tempDirectory } from '../../support/temp-directory.js';

const port = 'leaf1:Ethernet66';
const mac = '52:54:00:00:00:66';
const sold66 = serverAdded('s66', { customerId: 'c6', port, vlan: 66, mac }, 1);
const sold16 = serverAdded(
  's16',
  { customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' },
  1,
);

type Found = Partial<PlainData<'ViolationDetected'>> & { readonly judgedAtOrdinal: number };
const found = (id: string, at: number, data: Found): Fact =>
  violationDetected(
    id,
    {
      rule: 'unassigned-address',
      ruleVersion: 1,
      severity: 'medium',
      sensor: 'e66',
      attribution: 'interface',
      site: 'default',
      switch: 'leaf1',
      port,
      vlan: 66,
      observation: 'arp-reply',
      etherSource: mac,
      claimedMac: mac,
      claimedAddress: '198.51.100.66',
      frameTime: instantOf(at),
      offenderServerId: 's66',
      detail: 'claims what was sold to nobody',
      tentative: false,
      basis: '[]',
      ...data,
    },
    at,
  );
const bought = (at: number, addOnId = 'a1'): Fact => ipv4AddOnBought('s66', { addOnId, address: '198.51.100.66' }, at);

interface Rig {
  readonly store: EventStore;
  readonly projector: Projector;
  readonly rooms: Exoneration[];
  close(): Promise<void>;
}

describe('a stored violation', () => {
  const directory = tempDirectory();
  let round = 0;
  let told = 0;
  let path = '';
  let rig: Rig;

  const open = async (count = 1): Promise<Rig> => {
    const store = await openEmbeddedStore({ directory: path, create: true });
    const projector = new Projector(store);
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const { liveMap } = projector;
    const now = (): number => Date.parse(instantOf(500));
    const rooms = Array.from({ length: count }, () => new Exoneration({ store, liveMap, log, now, retryMs: 20 }));
    for (const room of rooms) room.start();
    projector.start();
    await quiet(store, projector, rooms);
    return {
      store,
      projector,
      rooms,
      close: async () => {
        for (const room of rooms) await room.close();
        await projector.close();
        await store.close();
      },
    };
  };
  const append = async (...facts: Fact[]): Promise<void> => {
    const events = stored(facts, told);
    told += facts.length;
    await rig.store.appendMany(
      events.map(({ id, stream, type, data, metadata: { source, sourceId, schemaVersion, time } }) => ({
        stream,
        expected: 'any',
        events: [{ id, type, data: data as object, metadata: { source, sourceId, schemaVersion, time } }],
      })),
    );
  };
  const tell = async (...facts: Fact[]): Promise<void> => {
    await append(...facts);
    await quiet(rig.store, rig.projector, rig.rooms);
  };

  beforeEach(async () => {
    path = `${directory}/${round++}`;
    mkdirSync(path);
    told = 0;
    rig = await open();
  });
  afterEach(() => rig.close());

  const stateOf = (id: string): string | undefined => rig.projector.liveMap.map.violations.get(id)?.state;

  it('is exonerated by a sale that is told late and was true before the frame, which the event names', async () => {
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }));
    expect(stateOf('v1')).toBe('new');
    await tell(bought(9));
    const [event, ...more] = await exonerations(rig.store);
    expect(more).toEqual([]);
    const [, sale] = (await rig.store.readStream('server-s66')).events;
    expect(event?.data).toMatchObject({ violationId: 'v1', eventId: sale?.id });
    expect(event?.metadata.causedBy).toEqual([sale?.id]);
    expect(stateOf('v1')).toBe('exonerated');
  });

  it('is exonerated as soon as it is stored by a sale that was stored while it was being judged', async () => {
    await tell(sold66, bought(9));
    await tell(found('v1', 10, { judgedAtOrdinal: 0 }));
    expect(stateOf('v1')).toBe('exonerated');
  });

  it('stays as it is when the sale became true only after the frame', async () => {
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }), bought(11));
    expect(stateOf('v1')).toBe('new');
  });

  it('stays as it is when the sale became true only between its first frame and its last', async () => {
    const until20 = { count: 1, firstFrameTime: instantOf(20), lastFrameTime: instantOf(20) };
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }), violationRepeated('v1', until20, 20), bought(15));
    expect(stateOf('v1')).toBe('new');
  });

  it('stays as it is while its rule finds it in the last frame', async () => {
    // Long enough after the cancellation that no rule takes the claim for a leftover of it.
    const weeks = 40_000;
    const heardForWeeks = violationRepeated(
      'v1',
      { count: 9, firstFrameTime: instantOf(11), lastFrameTime: instantOf(weeks) },
      weeks,
    );
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }), heardForWeeks);
    await tell(ipv4AddOnCancelled('s66', { addOnId: 'a1' }, 15));
    await tell(bought(9));
    expect(stateOf('v1')).toBe('new');
    await tell(bought(9, 'a2'));
    expect(stateOf('v1')).toBe('exonerated');
    const [event] = await exonerations(rig.store);
    // Not by the first sale: what was cancelled was not the server's any more in the last frame.
    expect((await rig.store.findById((event?.data as { eventId: string }).eventId))?.data).toMatchObject({
      addOnId: 'a2',
    });
  });

  it('is exonerated by the correction of a MAC that was recorded wrongly', async () => {
    const card = '52:54:00:00:00:67';
    const strange = { rule: 'unknown-mac', etherSource: card, claimedMac: card, judgedAtOrdinal: 0 };
    await tell(sold66, found('v1', 10, strange));
    await tell(serverRecordCorrected('s66', { mac: card, reason: 'typing error' }, 1));
    expect(stateOf('v1')).toBe('exonerated');
  });

  it('is exonerated by a sold prefix, and by a gateway that was declared late', async () => {
    const v6 = { claimedAddress: '2001:db8:66::1', observation: 'neighbour-advertisement' };
    await tell(
      sold66,
      found('v1', 10, { ...v6, judgedAtOrdinal: 0 }),
      found('v2', 10, { claimedAddress: '198.51.100.1', judgedAtOrdinal: 0 }),
    );
    await tell(ipv6PrefixAssigned('s66', { prefix: '2001:db8:66::/48' }, 9));
    expect([stateOf('v1'), stateOf('v2')]).toEqual(['exonerated', 'new']);
    await tell(gatewayDeclared('leaf1', { addresses: ['198.51.100.1'], macs: [mac] }, 9));
    expect(stateOf('v2')).toBe('exonerated');
  });

  it('of an address that another server has by the log’s order stays as it is', async () => {
    const spoof = { rule: 'address-spoof', victimServerId: 's16', judgedAtOrdinal: 2 };
    const victims = ipv4AddOnBought('s16', { addOnId: 'a1', address: '198.51.100.66' }, 1);
    await tell(sold66, sold16, victims, found('v1', 10, spoof));
    await tell(bought(9));
    expect(stateOf('v1')).toBe('new');
    await tell(ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 8));
    expect(stateOf('v1')).toBe('exonerated');
  });

  it('is not touched by what does not decide it: suspension, a change of customer', async () => {
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }));
    await tell(serverSuspended('s66', {}, 5), serverTransferred('s66', { customerId: 'c9' }, 5));
    expect(stateOf('v1')).toBe('new');
  });

  it('that grants alone do not explain is left alone: its rule knew more', async () => {
    await tell(sold66, bought(2), found('v1', 10, { judgedAtOrdinal: 1 }));
    await tell(bought(9, 'a2'));
    expect(stateOf('v1')).toBe('new');
  });

  it('is judged again after a restart for what arrived meanwhile, once', async () => {
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }));
    for (const room of rig.rooms) await room.close();
    await append(bought(9));
    await rig.close();
    rig = await open();
    expect(stateOf('v1')).toBe('exonerated');
    await rig.close();
    rig = await open();
    expect(await exonerations(rig.store)).toHaveLength(1);
  });

  it('is exonerated once where two rooms look at it', async () => {
    await rig.close();
    rig = await open(2);
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }), bought(9));
    expect(await exonerations(rig.store)).toHaveLength(1);
  });

  it('that was exonerated and is heard again is open again, and the same fact does not exonerate it twice', async () => {
    await tell(sold66, found('v1', 10, { judgedAtOrdinal: 0 }), bought(9));
    const again = violationRepeated(
      'v1',
      { count: 1, firstFrameTime: instantOf(501), lastFrameTime: instantOf(501) },
      501,
    );
    await tell(ipv4AddOnCancelled('s66', { addOnId: 'a1' }, 400), again);
    expect(stateOf('v1')).toBe('new');
    await tell(serverSuspended('s66', {}, 5), bought(9, 'a1'));
    expect(await exonerations(rig.store)).toHaveLength(1);
  });

  it('is found among many without any of the others being looked at', async () => {
    const others = Array.from({ length: 300 }, (_none, index) =>
      found(`o${index}`, 10, {
        claimedAddress: `203.0.113.${index % 250}`,
        port: `leaf2:Ethernet${index}`,
        switch: 'leaf2',
        vlan: 100 + index,
        etherSource: '52:54:00:00:01:00',
        claimedMac: '52:54:00:00:01:00',
        offenderServerId: `x${index}`,
        judgedAtOrdinal: 0,
      }),
    );
    await tell(sold66, ...others, found('v1', 10, { judgedAtOrdinal: 0 }));
    const read: string[] = [];
    const readStream = rig.store.readStream.bind(rig.store);
    rig.store.readStream = (stream, options) => {
      read.push(stream);
      return readStream(stream, options);
    };
    await tell(bought(9));
    expect(stateOf('v1')).toBe('exonerated');
    expect(read.filter((stream) => stream.startsWith('violation-'))).toEqual(['violation-v1']);
  });
});

async function exonerations(store: EventStore): Promise<StoredEvent[]> {
  return (await store.readAll()).events.filter(({ type }) => type === 'ViolationExonerated');
}

/** Until the map has everything, nothing waits, and nothing was stored for a while. */
async function quiet(store: EventStore, { liveMap }: Projector, rooms: readonly Exoneration[]): Promise<void> {
  for (let still = 0; still < 4; still++) {
    const head = await store.head();
    if (head !== undefined) await liveMap.reached(head.ordinal, 30_000);
    await new Promise((resolve) => setTimeout(resolve, 15));
    const isBusy = rooms.some((room) => room.waiting > 0);
    if (isBusy || (await store.head())?.ordinal !== head?.ordinal) still = 0;
  }
}
