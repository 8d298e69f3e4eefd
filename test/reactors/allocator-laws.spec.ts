import type { Binding } from '../../projections/index.js';

import fc from '../support/property.js';
import type { Allocator } from '../../src/reactors/allocator.reactor.js';
import {
  addressPoolAdded,
  customerPrefixDelegated,
  type Fact,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  ipv6PrefixOrderCancelled,
  ipv6PrefixOrdered,
  serverAdded,
  serverRemoved,
  serverTransferred,
} from '../support/history.js';
import { tempDirectory } from '../support/temp-directory.js';
import { AllocatorRig, coolDownMinutes } from './allocator-rig.js';
import { troubled } from './troubled-store.js';

/** Orders in all; `PORTLEDGER_ALLOCATION_ORDERS=100000` is the long form. */
const orders = Number(process.env['PORTLEDGER_ALLOCATION_ORDERS'] ?? 2_000);
const stepsARun = 40;
const perStep = 10;
const runs = Math.ceil(orders / (stepsARun * perStep));

/** One product, as it is sold. */
interface Product {
  readonly set: readonly Fact[];
  readonly sells: (server: string, name: string, at: number) => Fact;
  /** Billing names what it sells: the allocator must not have it beside. */
  readonly names: (server: string, name: string, number: number, at: number) => Fact;
  readonly cancels: (server: string, name: string, at: number) => Fact;
  /** What the allocator chose and billing did not name, of a server. */
  readonly allocated: (binding: Binding) => readonly Chosen[];
  readonly unallocated: (binding: Binding) => readonly string[];
  readonly saleType: string;
  readonly keptBack: readonly string[];
}
interface Chosen {
  readonly name: string;
  readonly what: string;
  readonly heldBy: string | undefined;
}

const ipv4: Product = {
  set: [
    addressPoolAdded(
      'a',
      { prefix: '198.51.100.0/24', site: 'default', purpose: 'ipv4-add-on', reserved: ['198.51.100.2'] },
      1,
    ),
    addressPoolAdded('b', { prefix: '203.0.113.0/26', site: 'default', purpose: 'ipv4-add-on' }, 1),
    gatewayDeclared('leaf1', { addresses: ['198.51.100.1'], macs: [] }, 1),
  ],
  sells: (id, addOnId, at) => ipv4AddOnBought(id, { addOnId }, at),
  names: (id, addOnId, number, at) => ipv4AddOnBought(id, { addOnId, address: `198.51.100.${number}` }, at),
  cancels: (id, addOnId, at) => ipv4AddOnCancelled(id, { addOnId }, at),
  allocated: ({ addresses }) =>
    addresses.flatMap(({ addOnId, address, allocatedFrom, heldBy }) =>
      allocatedFrom === undefined ? [] : [{ name: addOnId, what: address, heldBy }],
    ),
  unallocated: ({ unallocated }) => unallocated,
  saleType: 'Ipv4AddOnBought',
  keptBack: [...['198.51.100.0', '198.51.100.1', '198.51.100.2', '198.51.100.255', '203.0.113.0', '203.0.113.63']],
};

/** Three customers have prefixes, one of them two, one waits for another's, one is served from a pool. */
const ipv6: Product = {
  set: [
    ...['c0 2001:db8:0:100::/57', 'c1 2001:db8:0:200::/57', 'c1 2001:db8:0:300::/59', 'c2 2001:db8:0:110::/60'].map(
      (one, index) => customerPrefixDelegated(one.slice(0, 2), one.slice(3), index),
    ),
    addressPoolAdded('p', { prefix: '2001:db8:0:800::/57', site: 'default', purpose: 'server-prefix' }, 1),
    gatewayDeclared('leaf1', { addresses: ['2001:db8:0:100::1', '2001:db8:0:801::1'], macs: [] }, 1),
  ],
  sells: (id, orderId, at) => ipv6PrefixOrdered(id, { orderId }, at),
  names: (id, _orderId, number, at) => {
    const block = [0x100, 0x200, 0x300, 0x800][number % 4] ?? 0;
    const length = [56 + (number % 5), 64, 80][number % 3] ?? 64;
    const at64 = (block + ((number >> 2) << Math.max(0, 60 - length))) & (~0 << Math.max(0, 64 - length));
    return ipv6PrefixAssigned(id, { prefix: `2001:db8:0:${at64.toString(16)}::/${length}` }, at);
  },
  cancels: (id, orderId, at) => ipv6PrefixOrderCancelled(id, { orderId }, at),
  allocated: ({ prefixes }) =>
    prefixes.flatMap(({ orderId, prefix, heldBy }) =>
      orderId === undefined ? [] : [{ name: orderId, what: prefix, heldBy }],
    ),
  unallocated: ({ unallocatedOrders }) => unallocatedOrders,
  saleType: 'Ipv6PrefixOrdered',
  keptBack: ['2001:db8:0:100::/64', '2001:db8:0:801::/64'],
};

interface Step {
  readonly kind: 'buy' | 'named' | 'cancel' | 'remove' | 'transfer' | 'crash' | 'second' | 'wait';
  readonly server: number;
  readonly addOn: number;
  readonly address: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Step['kind']>('buy') },
    { weight: 3, arbitrary: fc.constantFrom<Step['kind'][]>('named', 'cancel', 'cancel') },
    { weight: 1, arbitrary: fc.constantFrom<Step['kind'][]>('remove', 'transfer', 'crash', 'second', 'wait') },
  ),
  server: fc.nat(19),
  addOn: fc.nat(19),
  address: fc.integer({ min: 3, max: 120 }),
});

describe('allocation', () => {
  const directory = tempDirectory();
  let round = 0;

  it.each([
    ['an IPv4 address', ipv4],
    ['a /64', ipv6],
  ])(
    'gives every order %s and never two, whatever is sold, given back, transferred, killed or doubled meanwhile',
    async (_name, product) => {
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
              await liveThrough(rig, product, steps);
              await check(rig, product);
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

async function liveThrough(rig: AllocatorRig, product: Product, steps: readonly (readonly Step[])[]): Promise<void> {
  const seconds: Allocator[] = [];
  const added = new Set<string>();
  await rig.tell(...product.set);
  for (const batch of steps) {
    const facts: Fact[] = [];
    for (const { kind, server, addOn, address } of batch) {
      rig.minute++;
      const [id, addOnId, at] = [`s${server}`, `ip-${addOn}`, rig.minute];
      const place = { port: `leaf1:Ethernet${server + 1}`, vlan: server + 1, mac: `52:54:00:00:01:${10 + server}` };
      if (!added.has(id)) facts.push(serverAdded(id, { customerId: `c${server % 5}`, ...place }, at));
      added.add(id);
      // Some facts come late, and some twice.
      const late = at - (address % 7 === 0 ? 30 : 0);
      if (kind === 'buy') facts.push(product.sells(id, addOnId, late));
      else if (kind === 'named') facts.push(product.names(id, addOnId, address, at));
      else if (kind === 'cancel') facts.push(product.cancels(id, addOnId, late));
      else if (kind === 'transfer') facts.push(serverTransferred(id, { customerId: `c${address % 5}` }, at));
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
      const said = facts.at(-1);
      if (said !== undefined && address % 11 === 0) facts.push(said);
    }
    await rig.tell(...facts);
  }
  // Whoever is left must finish alone.
  for (const one of seconds) await one.close();
  await rig.tell(serverAdded('last', { customerId: 'c', port: 'leaf1:Ethernet99', vlan: 99 }, rig.minute));
  await rig.served();
}

/** The state of the world, told from the map and from a plain walk over the log. */
async function check(rig: AllocatorRig, product: Product): Promise<void> {
  const { map } = rig.projector.liveMap;
  const waiting = new Set(
    rig.allocator.waiting().map(({ serverId, addOnId, orderId }) => `${serverId} ${addOnId ?? orderId}`),
  );
  const holders = new Map<string, string>();
  for (const binding of map.bindings()) {
    const { serverId } = binding;
    for (const name of product.unallocated(binding)) expect(waiting).toContain(`${serverId} ${name}`);
    for (const { name, what, heldBy } of product.allocated(binding)) {
      const who = `${serverId} ${name}`;
      expect(product.keptBack).not.toContain(what);
      if (heldBy !== undefined) expect(waiting).toContain(who);
      else {
        expect({ what, holders: [holders.get(what) ?? who] }).toEqual({ what, holders: [who] });
        holders.set(what, who);
      }
    }
  }
  // Somebody waits only where nothing is free.
  for (const { serverId } of rig.allocator.waiting()) expect(freeFor(rig, product, serverId ?? '')).toBe(0);
  const decisions = await rig.decisions();
  expect(decisions.length).toBeGreaterThan(0);
  // One first decision for each sale, and one for each that was lost.
  expect(new Set(decisions.map(({ metadata }) => JSON.stringify(metadata.causedBy))).size).toBe(decisions.length);
  const all = await rig.events();
  for (const { data, metadata } of decisions) {
    const sale = all.find(({ id }) => id === metadata.causedBy?.[0]);
    const { serverId } = data as { serverId: string };
    expect(sale).toMatchObject({ type: product.saleType, data: { serverId } });
  }
}

function freeFor(rig: AllocatorRig, product: Product, serverId: string): number {
  const free = (all: readonly { readonly free: number }[] = []): number => all.reduce((sum, one) => sum + one.free, 0);
  if (product === ipv4) return free(rig.allocator.pools());
  const customerId = rig.projector.liveMap.map.binding(serverId)?.customerId ?? '';
  const own = rig.allocator.delegations(customerId) ?? [];
  return free(own.length > 0 ? own.filter(({ heldBy }) => heldBy === undefined) : rig.allocator.pools());
}
