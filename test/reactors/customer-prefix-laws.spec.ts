import { type Ipv6Prefix, prefixBits, type StoredEvent } from '../../events/index.js';
import type { NetworkMap } from '../../projections/index.js';
import { prefixOfCustomerOrder } from '../../projections/customer-prefixes.js';
import type { Allocator } from '../../src/reactors/allocator.reactor.js';
import {
  addressPoolAdded,
  customerPrefixDelegated,
  customerPrefixOrderCancelled,
  customerPrefixOrdered,
  customerPrefixWithdrawn,
  type Fact,
  gatewayDeclared,
  ipv6PrefixAssigned,
  ipv6PrefixReleased,
  serverAdded,
  serverRemoved,
  serverTransferred,
} from '../support/history.js';
import fc from '../support/property.js';
import { tempDirectory } from '../support/temp-directory.js';
import { AllocatorRig, coolDownMinutes, until } from './allocator-rig.js';
import { troubled } from './troubled-store.js';

/** Orders in all; `PORTLEDGER_ALLOCATION_ORDERS=100000` is the long form. */
const orders = Number(process.env['PORTLEDGER_ALLOCATION_ORDERS'] ?? 6_000);
const stepsARun = 40;
const perStep = 10;
const runs = Math.ceil(orders / (stepsARun * perStep));

const pools = [
  { id: 'a', prefix: '2001:db8:100::/44', site: 'default', reserved: ['2001:db8:101::7'] },
  { id: 'b', prefix: '2001:db8:200::/47', site: 'default', reserved: [] },
  { id: 'c', prefix: '2001:db8:300::/46', site: 'far', reserved: [] },
] as const;
const lengths = [46, 48, 48, 48, 50] as const;
const set: readonly Fact[] = [
  ...pools.map(({ id, ...pool }) => addressPoolAdded(id, { ...pool, purpose: 'customer-prefix' }, 1)),
  gatewayDeclared('leaf1', { addresses: ['2001:db8:102:9::1'], macs: [] }, 1),
];
const keptBack = ['2001:db8:101::7/128', '2001:db8:102:9::/64'] as Ipv6Prefix[];

const kinds = ['order', 'cancel', 'named', 'withdrawn', 'sold', 'released', 'rare'] as const;
const rareKinds = ['remove', 'transfer', 'crash', 'second', 'wait'] as const;
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly rare: (typeof rareKinds)[number];
  readonly customer: number;
  readonly order: number;
  readonly number: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 10, arbitrary: fc.constant<Step['kind']>('order') },
    { weight: 6, arbitrary: fc.constantFrom<Step['kind'][]>('cancel', 'named', 'withdrawn', 'sold', 'released') },
    { weight: 1, arbitrary: fc.constant<Step['kind']>('rare') },
  ),
  rare: fc.constantFrom(...rareKinds),
  customer: fc.nat(7),
  order: fc.nat(5),
  number: fc.nat(999),
});

/** A part of a pool, from a /46 to a /80, as billing may name it. */
function someOf(number: number): Ipv6Prefix {
  const pool = [0x100, 0x200, 0x300][number % 3] ?? 0x100;
  const length = [48, 47, 56, 64, 80][(number >> 2) % 5] ?? 48;
  const third = pool + (((number >> 4) % (pool === 0x100 ? 16 : 4)) & (length === 47 ? ~1 : ~0));
  return `2001:db8:${third.toString(16)}::/${length}` as Ipv6Prefix;
}

describe('the prefixes of customers', () => {
  const directory = tempDirectory();
  let round = 0;

  it(
    'go to every order and never to two, whatever is sold, named, given back, killed or doubled meanwhile',
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
  await rig.tell(...set, ...Array.from({ length: 8 }, (_, one) => server(one, 2)));
  for (const batch of steps) {
    const facts: Fact[] = [];
    for (const one of batch) {
      rig.minute++;
      if (one.kind !== 'rare') facts.push(...factsOf(one, rig.minute));
      else if (one.rare === 'wait') rig.minute += coolDownMinutes + 1;
      else if (one.rare === 'transfer')
        facts.push(serverTransferred(`s${one.customer}`, { customerId: `c${one.order}` }, rig.minute));
      else if (one.rare === 'remove')
        facts.push(serverRemoved(`s${one.customer}`, {}, rig.minute), server(one.customer, rig.minute));
      else {
        // A second one begins while the first is at work; or that one is killed, and another takes over.
        if (one.rare === 'crash') await rig.allocator.close();
        else seconds.push(rig.allocator);
        rig.allocator = rig.another();
        rig.allocator.start();
      }
    }
    await rig.tell(...facts);
  }
  // Whoever is left must finish alone, and nothing cools any more.
  for (const one of seconds) await one.close();
  rig.minute += coolDownMinutes + 100;
  await rig.tell(serverAdded('last', { customerId: 'c', port: 'leaf1:Ethernet99', vlan: 99 }, rig.minute));
  // A lost append is tried again in a moment, and what was said before it of why somebody waits stands until then.
  await until(() => unserved(rig).length === 0).catch(() => expect(unserved(rig)).toEqual([]));
  await rig.served();
}

/** The orders that wait although a prefix for them is free. */
function unserved(rig: AllocatorRig): object[] {
  const { map } = rig.projector.liveMap;
  return rig.allocator.waiting().flatMap(({ customerId, orderId }) => {
    const ordered = map.delegations.get(customerId ?? '')?.orders.find(({ id }) => id === orderId)?.value;
    if (ordered === undefined) throw new Error(`${customerId} ${orderId} waits and is not ordered.`);
    const free = freeOf(map, ordered);
    return free.length === 0 ? [] : [{ customerId, orderId, ...ordered, free }];
  });
}

function server(number: number, at: number): Fact {
  const place = { port: `leaf1:Ethernet${number + 1}`, vlan: number + 1, mac: `52:54:00:00:01:${10 + number}` };
  return serverAdded(`s${number}`, { customerId: `c${number}`, ...place }, at);
}

/** Some facts come late, and some twice. */
function factsOf({ kind, customer, order, number }: Step, at: number): Fact[] {
  const [who, orderId, late] = [`c${customer}`, `net-${order}`, at - (number % 7 === 0 ? 30 : 0)];
  const length = lengths[number % lengths.length] ?? 48;
  const said = {
    order: () => customerPrefixOrdered(who, { orderId, site: number % 4 === 0 ? 'far' : 'default', length }, late),
    cancel: () => customerPrefixOrderCancelled(who, orderId, late),
    named: () => customerPrefixDelegated(who, someOf(number).replace('/80', '/64'), late),
    withdrawn: () => customerPrefixWithdrawn(who, someOf(number).replace('/80', '/64'), late),
    sold: () => ipv6PrefixAssigned(`s${customer}`, { prefix: someOf(number) }, late),
    released: () => ipv6PrefixReleased(`s${customer}`, { prefix: someOf(number) }, late),
    rare: () => undefined,
  }[kind]();
  return said === undefined ? [] : number % 11 === 0 ? [said, said] : [said];
}

interface Had {
  readonly customerId: string;
  readonly orderId: string;
  readonly prefix: Ipv6Prefix;
}

/** The state of the world, told from the registers and by comparing each with each. */
async function check(rig: AllocatorRig): Promise<void> {
  const { map } = rig.projector.liveMap;
  const waiting = new Set(rig.allocator.waiting().map(({ customerId, orderId }) => `${customerId} ${orderId}`));
  const had: Had[] = [];
  for (const row of map.delegations.values()) {
    for (const order of row.orders) {
      if (order.value === undefined || waiting.has(`${row.customerId} ${order.id}`)) continue;
      const prefix = prefixOfCustomerOrder(order, row)?.value;
      if (prefix === undefined) throw new Error(`${row.customerId} ${order.id} has nothing and does not wait.`);
      expect(prefixBits(prefix).length).toBe(order.value.length);
      const { site } = order.value;
      expect(pools.some((pool) => pool.site === site && isWithin(prefix, pool.prefix as Ipv6Prefix))).toBe(true);
      had.push({ customerId: row.customerId, orderId: order.id, prefix });
    }
  }
  for (const one of had) {
    expect(keptBack.filter((kept) => meet(kept, one.prefix))).toEqual([]);
    expect(had.filter((other) => other !== one && meet(other.prefix, one.prefix))).toEqual([]);
    const named = map.delegations.get(one.customerId)?.prefixes.filter(({ value }) => value) ?? [];
    expect(named.filter(({ prefix }) => isWithin(one.prefix, prefix))).toEqual([]);
    const since = map.delegations.get(one.customerId)?.claims.find(({ prefix }) => prefix === one.prefix)?.since ?? -1;
    const before = soldTo(map).filter(({ prefix, whose }) => whose !== one.customerId && meet(prefix, one.prefix));
    expect(before.filter((other) => other.since < since)).toEqual([]);
    const others = [...map.delegations.values()].filter(({ customerId }) => customerId !== one.customerId);
    const earlier = others.flatMap(({ claims }) => claims.filter((other) => meet(other.prefix, one.prefix)));
    expect(earlier.filter((other) => other.since < since)).toEqual([]);
  }
  // Somebody waits only where nothing is free.
  expect(unserved(rig)).toEqual([]);
  const decisions = await rig.decisions();
  expect(decisions.length).toBeGreaterThan(0);
  const all = await rig.events();
  // One first decision for each sale, and one for each that was lost.
  expect(new Set(decisions.map(({ metadata }) => JSON.stringify(metadata.causedBy))).size).toBe(decisions.length);
  for (const decision of decisions) expect(saleOf(decision, all)).toMatchObject({ type: 'CustomerPrefixOrdered' });
}

function saleOf({ stream, metadata }: StoredEvent, all: readonly StoredEvent[]): StoredEvent | undefined {
  return all.find((one) => one.stream === stream && one.id === metadata.causedBy?.[0]);
}

/** What servers claim, in vain or not; since which ordinal by this customer. */
function soldTo(map: NetworkMap) {
  return [...map.assignments.values()].flatMap(({ customer, claims }) =>
    claims.flatMap((claim) =>
      claim.kind === 'prefix'
        ? [{ prefix: claim.prefix, whose: customer?.value, since: Math.max(claim.since, customer?.ordinal ?? -1) }]
        : [],
    ),
  );
}

/** Every prefix of the pools of a site that nobody claims a part of. */
function freeOf(map: NetworkMap, { site, length }: { readonly site: string; readonly length: number }): string[] {
  const claimed = [
    ...keptBack,
    ...[...map.delegations.values()].flatMap(({ claims }) => claims.map(({ prefix }) => prefix)),
    ...soldTo(map).map(({ prefix }) => prefix),
  ];
  const units = pools.filter((pool) => pool.site === site).flatMap(({ prefix }) => partsOf(prefix, length));
  return units.filter((unit) => claimed.every((one) => !meet(one, unit)));
}

/** @param length at most 64 */
function partsOf(pool: string, length: number): Ipv6Prefix[] {
  const [, third = ''] = /^2001:db8:(\w+)::/.exec(pool) ?? [];
  const [start, wide] = [Number.parseInt(third, 16) * 2 ** 16, Number(pool.split('/')[1])];
  return Array.from({ length: Math.floor(2 ** (length - wide)) }, (_, index) => {
    const at = start + index * 2 ** (64 - length);
    return `2001:db8:${Math.floor(at / 65_536).toString(16)}:${(at % 65_536).toString(16)}::/${length}` as Ipv6Prefix;
  });
}

const bitsOf = (prefix: Ipv6Prefix): string =>
  prefixBits(prefix)
    .words.map((word) => word.toString(2).padStart(32, '0'))
    .join('')
    .slice(0, prefixBits(prefix).length);
const isWithin = (inner: Ipv6Prefix, outer: Ipv6Prefix): boolean => bitsOf(inner).startsWith(bitsOf(outer));
const meet = (one: Ipv6Prefix, other: Ipv6Prefix): boolean => isWithin(one, other) || isWithin(other, one);
