import type { StoredEvent } from '../../events/index.js';

import fc from '../support/property.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import type { Allocator, AllocatorOptions } from '../../src/reactors/allocator.reactor.js';
import {
  addressPoolAdded,
  type Fact,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  serverAdded,
  serverRemoved,
} from '../support/history.js';
import { tempDirectory } from '../support/temp-directory.js';
import { AllocatorRig, coolDownMinutes } from './allocator-rig.js';

/** Orders in all; `PORTLEDGER_ALLOCATION_ORDERS=100000` is the long form. */
const orders = Number(process.env['PORTLEDGER_ALLOCATION_ORDERS'] ?? 2_000);
const stepsARun = 40;
const perStep = 10;
const runs = Math.ceil(orders / (stepsARun * perStep));

/** What becomes of appends: most are stored; some are lost before, some have their answer lost. */
function troubled(store: EventStore, fate: () => number): AllocatorOptions['store'] {
  return {
    readStream: store.readStream.bind(store),
    append: async (request) => {
      const drawn = fate();
      if (drawn < 1) throw new Error('killed between decision and append');
      const answer = await store.append(request);
      if (drawn < 2) throw new Error('killed between append and answer');
      return answer;
    },
  };
}

const keptBack = ['198.51.100.0', '198.51.100.1', '198.51.100.2', '198.51.100.255', '203.0.113.0', '203.0.113.63'];
const set: Fact[] = [
  addressPoolAdded(
    'a',
    { prefix: '198.51.100.0/24', site: 'default', purpose: 'ipv4-add-on', reserved: ['198.51.100.2'] },
    1,
  ),
  addressPoolAdded('b', { prefix: '203.0.113.0/26', site: 'default', purpose: 'ipv4-add-on' }, 1),
  gatewayDeclared('leaf1', { addresses: ['198.51.100.1'], macs: [] }, 1),
];

interface Step {
  readonly kind: 'buy' | 'named' | 'cancel' | 'remove' | 'crash' | 'second' | 'wait';
  readonly server: number;
  readonly addOn: number;
  readonly address: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('buy' as const) },
    { weight: 3, arbitrary: fc.constantFrom('named' as const, 'cancel' as const, 'cancel' as const) },
    { weight: 1, arbitrary: fc.constantFrom('remove' as const, 'crash' as const, 'second' as const, 'wait' as const) },
  ),
  server: fc.nat(19),
  addOn: fc.nat(19),
  address: fc.integer({ min: 3, max: 120 }),
});

describe('allocation', () => {
  const directory = tempDirectory();
  let round = 0;

  it(
    'gives every order one address and never two, whatever is sold, given back, killed or doubled meanwhile',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(step, { minLength: perStep, maxLength: perStep }), {
            minLength: stepsARun,
            maxLength: stepsARun,
            size: 'max',
          }),
          fc.array(fc.nat(11), { minLength: 50, maxLength: 50 }),
          async (steps, fates) => {
            let fate = 0;
            const next = (): number => fates[fate++ % fates.length] ?? 9;
            const rig = await AllocatorRig.open(`${directory}/${round++}`, (store) => troubled(store, next));
            try {
              await liveThrough(rig, steps);
              await check(rig);
            } finally {
              await rig.close();
            }
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
    },
    60_000 + 100 * orders,
  );
});

async function liveThrough(rig: AllocatorRig, steps: readonly (readonly Step[])[]): Promise<void> {
  const seconds: Allocator[] = [];
  const added = new Set<string>();
  await rig.tell(...set);
  for (const batch of steps) {
    const facts: Fact[] = [];
    for (const { kind, server, addOn, address } of batch) {
      rig.minute++;
      const [id, addOnId, at] = [`s${server}`, `ip-${addOn}`, rig.minute];
      const place = { port: `leaf1:Ethernet${server + 1}`, vlan: server + 1, mac: `52:54:00:00:01:${10 + server}` };
      if (!added.has(id)) facts.push(serverAdded(id, { customerId: `c${server % 5}`, ...place }, at));
      added.add(id);
      if (kind === 'buy') facts.push(ipv4AddOnBought(id, { addOnId }, at));
      else if (kind === 'named') facts.push(ipv4AddOnBought(id, { addOnId, address: `198.51.100.${address}` }, at));
      else if (kind === 'cancel') facts.push(ipv4AddOnCancelled(id, { addOnId }, at));
      else if (kind === 'remove') {
        facts.push(serverRemoved(id, {}, at));
        added.delete(id);
      } else if (kind === 'wait') rig.minute += coolDownMinutes + 1;
      else {
        // A second one begins while the first is at work; or that one is killed, and another takes over.
        if (kind === 'crash') await rig.allocator.close();
        else seconds.push(rig.allocator);
        rig.allocator = rig.another();
        rig.allocator.start();
      }
    }
    await rig.tell(...facts);
  }
  // Whoever is left must finish alone.
  for (const one of seconds) await one.close();
  await rig.tell(serverAdded('last', { customerId: 'c', port: 'leaf1:Ethernet99', vlan: 99 }, rig.minute));
  await rig.served();
}

/** The state of the world, told from the map and from a plain walk over the log. */
async function check(rig: AllocatorRig): Promise<void> {
  const { map } = rig.projector.liveMap;
  const waiting = new Set(rig.allocator.waiting().map(({ serverId, addOnId }) => `${serverId} ${addOnId}`));
  const holders = new Map<string, string>();
  for (const { serverId, addresses, unallocated } of map.bindings()) {
    for (const addOnId of unallocated) expect(waiting).toContain(`${serverId} ${addOnId}`);
    for (const { addOnId, address, allocatedFrom, heldBy } of addresses) {
      if (allocatedFrom === undefined) continue;
      const who = `${serverId} ${addOnId}`;
      expect(keptBack).not.toContain(address);
      if (heldBy !== undefined) expect(waiting).toContain(who);
      else {
        expect({ address, holders: [holders.get(address) ?? who] }).toEqual({ address, holders: [who] });
        holders.set(address, who);
      }
    }
  }
  // Somebody waits only where nothing is free.
  if (waiting.size > 0) expect(rig.allocator.pools()?.every(({ free }) => free === 0)).toBe(true);
  const decisions = await rig.decisions();
  expect(decisions.length).toBeGreaterThan(0);
  // One first decision for each purchase, and one for each address that was lost.
  expect(new Set(decisions.map(({ metadata }) => JSON.stringify(metadata.causedBy))).size).toBe(decisions.length);
  const all = await everyEvent(rig.store);
  for (const { data, metadata } of decisions) {
    const sale = all.find(({ id }) => id === metadata.causedBy?.[0]);
    const { serverId, addOnId } = data as { serverId: string; addOnId: string };
    expect(sale).toMatchObject({ type: 'Ipv4AddOnBought', data: { serverId, addOnId } });
  }
}

async function everyEvent(store: EventStore): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let after: string | undefined; ;) {
    const { events, next } = await store.readAll({ limit: 1000, ...(after === undefined ? {} : { after }) });
    all.push(...events);
    if (next === undefined) return all;
    after = next;
  }
}
