import fc from '../support/property.js';
import type { DeviceStatus } from '../../src/reactors/device-status.js';
import { startingStatus } from '../../src/reactors/device-status.js';
import { Look } from '../../src/reactors/look.js';
import { differences } from '../../src/control/overview/difference-names.js';
import { type DifferentServer, Differences } from '../../src/control/overview/differences.js';
import { ServerTally } from '../../src/control/overview/server-tally.js';
import { LiveMap } from '../../src/projector/live-map.js';
import {
  type Fact,
  macSeen,
  serverAdded,
  serverMacAdded,
  serverMoved,
  serverNicReplaced,
  serverRemoved,
  stored as storedEvents,
} from '../support/history.js';

const switches = ['leaf1', 'leaf2'];
// Few of each: what was sold has to be met.
const port = fc.constantFrom(...switches).map((name) => `${name}:Ethernet1`);
const mac = fc.constantFrom(1, 2, 3).map((n) => `52:54:00:00:00:0${n}`);
const vlan = fc.constantFrom(11, 11, 11, 12);
const server = fc.constantFrom('s1', 's2', 's3');
const at = fc.integer({ min: 0, max: 20 });
const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc
    .tuple(server, port, vlan, mac, at)
    .map(([id, where, on, its, when]) => serverAdded(id, { customerId: 'c', port: where, vlan: on, mac: its }, when)),
  fc.tuple(server, port, vlan, at).map(([id, where, on, when]) => serverMoved(id, { port: where, vlan: on }, when)),
  fc.tuple(server, mac, at).map(([id, its, when]) => serverNicReplaced(id, { mac: its }, when)),
  fc.tuple(server, mac, at).map(([id, its, when]) => serverMacAdded(id, { mac: its, purpose: 'bmc' }, when)),
  fc.tuple(server, at).map(([id, when]) => serverRemoved(id, {}, when)),
  fc.tuple(port, vlan, mac, at).map(([where, on, its, when]) => macSeen(where, { vlan: on, mac: its }, when)),
);

/** Nothing but what the map says, asked anew. */
function countedAnew({ map }: LiveMap): { billed: number; unseen: number; strangers: number } {
  const sold = [...map.bindings()].filter((binding) => binding.sold);
  const isAt = (where: string, on: number, its: string): boolean =>
    sold.some((one) => one.port === where && one.vlan === on && [one.mac, ...one.otherMacs].some((own) => own === its));
  const sightings = [...map.seenMacs.values()].flatMap((row) =>
    row.sightings.map((one) => ({ port: row.port, ...one })),
  );
  return {
    billed: sold.length,
    unseen: sold.filter(
      (one) =>
        !sightings.some(
          (seen) =>
            seen.port === one.port &&
            seen.vlan === one.vlan &&
            [one.mac, ...one.otherMacs].some((own) => own === seen.mac),
        ),
    ).length,
    strangers: sightings.filter((seen) => !isAt(seen.port, seen.vlan, seen.mac)).length,
  };
}

/** A device of leaf1 whose last look found these lines still to be done. */
function device(plan: DeviceStatus['plan'], withheld: DeviceStatus['withheld'] = []) {
  const status: DeviceStatus = { ...startingStatus('leaf1', 'leaf1', 'observe'), state: 'differs', plan, withheld };
  const nothing = { neighbours: [], routes: [], withheld: [] };
  const look = new Look(0, nothing, { switch: { neighbours: [], interfaces: [] } } as never);
  return { status, look };
}
const line = (change: 'add' | 'remove', serverId: string) =>
  ({
    change,
    kind: 'neighbour',
    line: `neighbour of ${serverId}`,
    why: 'grant',
    interface: 'vlan11',
    serverId,
    because: 'drift',
  }) as never;

function pagesOf(counts: Differences, name: (typeof differences)[number], limit: number): DifferentServer[] {
  const all: DifferentServer[] = [];
  let cursor = 0;
  for (let pages = 0; pages < 100; pages++) {
    const page = counts.page(name, cursor, limit);
    all.push(...page.servers);
    if (page.next === undefined) return all;
    cursor = Number(page.next);
  }
  throw new Error('the list has no end');
}

describe('billed, seen and pushed', () => {
  const logId = '00000000-0000-4000-8000-000000000000';

  it('are counted as the map has it, and each difference is as long as its list, however the facts come', async () => {
    const batches = fc.array(fc.array(anyFact, { maxLength: 6 }), { minLength: 1, maxLength: 6 });
    const plan = fc.array(fc.tuple(fc.constantFrom('add' as const, 'remove' as const), server), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, plan, fc.integer({ min: 1, max: 4 }), async (facts, lines, limit) => {
        const liveMap = new LiveMap(logId);
        liveMap.becameLive();
        const tally = new ServerTally(liveMap);
        const leaf1 = device(lines.map(([change, serverId]) => line(change, serverId)));
        const counts = new Differences(tally, liveMap, { all: () => [leaf1 as never] });
        const stored = storedEvents(facts.flat());
        for (const batch of facts) {
          liveMap.foldPage(stored.splice(0, batch.length));
          expect(await tally.caughtUp(30_000)).toBe(true);
          const { billed, unseen, strangers } = countedAnew(liveMap);
          const told = counts.counts();
          expect(told.billed).toBe(billed);
          expect(told.differences['billed-not-seen']).toBe(unseen);
          expect(told.differences['seen-not-billed']).toBe(strangers);
          expect(told.seen).toBe(billed - unseen + strangers);
          for (const name of differences) expect(pagesOf(counts, name, limit)).toHaveLength(told.differences[name]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('say of each server why it is in a list', async () => {
    const liveMap = new LiveMap(logId);
    liveMap.becameLive();
    const sold = (id: string, where: string, number: number): Fact =>
      serverAdded(id, { customerId: 'c', port: where, vlan: 11, mac: `52:54:00:00:00:0${number}` }, 0);
    const facts = [
      sold('s1', 'leaf1:Ethernet1', 1),
      sold('s2', 'leaf1:Ethernet2', 2),
      sold('s3', 'leaf9:Ethernet1', 3),
      macSeen('leaf1:Ethernet1', { vlan: 11, mac: '52:54:00:00:00:01' }, 1),
      macSeen('leaf1:Ethernet2', { vlan: 11, mac: '52:54:00:00:00:01' }, 2),
      macSeen('leaf1:Ethernet2', { vlan: 11, mac: '52:54:00:00:00:09' }, 3),
      sold('s4', 'leaf1:Ethernet1', 4),
      serverRemoved('s4', {}, 4),
    ];
    liveMap.foldPage(storedEvents(facts));
    const tally = new ServerTally(liveMap);
    await tally.caughtUp(30_000);
    const leaf1 = device([line('add', 's2'), line('remove', 's4')]);
    const counts = new Differences(tally, liveMap, { all: () => [leaf1 as never] });
    const why = (name: (typeof differences)[number]) =>
      pagesOf(counts, name, 10).map((one) => [one.serverId ?? one.mac, one.why]);
    expect(counts.counts()).toMatchObject({ billed: 3, seen: 3, pushed: 2 });
    expect(why('billed-not-seen')).toEqual([
      ['s2', 'only other MACs were seen on its port'],
      ['s3', 'nothing was seen on its port'],
    ]);
    expect(why('seen-not-billed')).toEqual([
      ['52:54:00:00:00:09', 'nobody was sold this MAC'],
      ['s1', 'sold at leaf1:Ethernet1, not here'],
    ]);
    expect(why('billed-not-pushed')).toEqual([
      ['s2', 'leaf1: to come: neighbour of s2'],
      ['s3', 'no device of leaf9 is configured'],
    ]);
    expect(why('pushed-not-billed')).toEqual([['s4', 'leaf1 holds neighbour of s4, which nothing sold asks for']]);
  });
});
