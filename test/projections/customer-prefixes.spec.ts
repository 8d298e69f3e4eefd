import { decodeEvent } from '../../events/index.js';
import { effectOf } from '../../projections/index.js';
import {
  customerPrefixes,
  endedCustomerPrefixes,
  unallocatedCustomerOrders,
} from '../../projections/customer-prefixes.js';
import type { DelegationRow } from '../../projections/delegations.projection.js';
import {
  customerPrefixAllocated,
  customerPrefixDelegated,
  customerPrefixOrderCancelled,
  customerPrefixOrdered,
  customerPrefixWithdrawn,
  type Fact,
  fold,
  instantOf,
  stored,
} from '../support/history.js';
import fc from '../support/property.js';

const ordered = (at: number, more: { site?: string; length?: number; orderId?: string } = {}): Fact =>
  customerPrefixOrdered('c1', { orderId: 'net-1', site: 'ams', ...more }, at);
const allocated = (prefix: string, at: number, more: { site?: string; orderId?: string } = {}): Fact =>
  customerPrefixAllocated('c1', { orderId: 'net-1', prefix, site: 'ams', poolId: 'nets', ...more }, at);
const cancelled = (at: number): Fact => customerPrefixOrderCancelled('c1', 'net-1', at);
const first = '2001:db8:1::/48';
const second = '2001:db8:2::/48';

const rowOf = (facts: readonly Fact[], customerId = 'c1'): DelegationRow => {
  const row = fold(facts).map.delegations.get(customerId);
  if (row === undefined) throw new Error(`${customerId} has no row.`);
  return row;
};
const prefixesIn = (...facts: readonly Fact[]): string[] => customerPrefixes(rowOf(facts)).map(({ prefix }) => prefix);
const waitingIn = (...facts: readonly Fact[]): string[] => unallocatedCustomerOrders(rowOf(facts)).map(({ id }) => id);
const endedIn = (...facts: readonly Fact[]): object[] =>
  endedCustomerPrefixes(rowOf(facts)).map(({ value, endedAt }) => ({ value, at: endedAt }));
const at = (minute: number): number => Date.parse(instantOf(minute));

describe('a prefix that was allocated to an order of a customer', () => {
  it('counts while the order asks for that site and length, in whatever order the facts are told', () => {
    expect(waitingIn(ordered(1))).toEqual(['net-1']);
    expect(prefixesIn(allocated(first, 2))).toEqual([]);
    expect([prefixesIn(ordered(1), allocated(first, 2)), waitingIn(ordered(1), allocated(first, 2))]).toEqual([
      [first],
      [],
    ]);
    expect(prefixesIn(allocated(first, 2), ordered(1))).toEqual([first]);
    for (const other of [{ site: 'far' }, { length: 52 }]) {
      expect(prefixesIn(ordered(1), allocated(first, 2), ordered(3, other))).toEqual([]);
      expect(waitingIn(ordered(1), allocated(first, 2), ordered(3, other))).toEqual(['net-1']);
      expect(prefixesIn(ordered(3), ordered(1, other), allocated(first, 2))).toEqual([first]);
    }
    expect(prefixesIn(ordered(1), allocated(first, 2), ordered(3, { length: 48 }))).toEqual([first]);
  });

  it('ends with the cancelling of its order, not with a withdrawal, and comes back with the order', () => {
    const had = [ordered(1), allocated(first, 2)];
    expect(prefixesIn(...had, customerPrefixWithdrawn('c1', first, 3))).toEqual([first]);
    expect(prefixesIn(...had, cancelled(3))).toEqual([]);
    expect(endedIn(...had, cancelled(3))).toEqual([{ value: first, at: at(3) }]);
    expect(prefixesIn(...had, cancelled(3), ordered(4))).toEqual([first]);
    expect(endedIn(...had, cancelled(3), ordered(4))).toEqual([]);
  });

  it('comes back out of what was had before where something else was allocated in between', () => {
    const moved = [ordered(1), allocated(first, 2), ordered(3, { site: 'far' }), allocated(second, 4, { site: 'far' })];
    expect([prefixesIn(...moved), endedIn(...moved)]).toEqual([[second], [{ value: first, at: at(3) }]]);
    const back = [...moved, ordered(5), allocated(first, 6)];
    expect([prefixesIn(...back), endedIn(...back)]).toEqual([[first], [{ value: second, at: at(5) }]]);
  });

  it('is one where billing delegates it by name as well, and stays with the name when the order ends', () => {
    const both = [ordered(1), allocated(first, 2), customerPrefixDelegated('c1', first, 3)];
    expect(customerPrefixes(rowOf(both))).toMatchObject([{ prefix: first, allocated: undefined }]);
    expect(prefixesIn(...both, cancelled(4))).toEqual([first]);
  });

  it('waits behind the delegation of another customer that stands before it, and of two allocations the first one holds', () => {
    const other = customerPrefixAllocated('c2', { orderId: 'o', prefix: first, site: 'ams', poolId: 'nets' }, 3);
    const facts = [
      customerPrefixOrdered('c2', { orderId: 'o', site: 'ams' }, 1),
      ordered(1),
      allocated(first, 2),
      other,
    ];
    const { map } = fold(facts);
    const holderFor = (customerId: string): string | undefined =>
      map.delegationHolder(rowOf(facts, customerId), first as never);
    expect([holderFor('c1'), holderFor('c2')]).toEqual([undefined, 'c1']);
  });

  it('is told in the effects: pending, applied, overtaken', () => {
    const effects = (...facts: readonly Fact[]): string[] => {
      const log = fold(facts);
      return stored(facts).map((event) => {
        const decoded = decodeEvent(event);
        return decoded.readable ? effectOf(log, decoded.event).effect : 'unreadable';
      });
    };
    expect(effects(ordered(1))).toEqual(['pending']);
    expect(effects(ordered(1), allocated(first, 2))).toEqual(['applied', 'applied']);
    expect(effects(ordered(1), allocated(first, 2), cancelled(3))).toEqual(['overtaken', 'overtaken', 'applied']);
    expect(effects(ordered(2), ordered(1, { site: 'far' }))).toEqual(['pending', 'overtaken']);
  });

  const anyFact: fc.Arbitrary<(at: number) => Fact> = fc
    .record({
      what: fc.constantFrom('ordered', 'cancelled', 'allocated', 'delegated', 'withdrawn'),
      orderId: fc.constantFrom('net-1', 'net-2'),
      site: fc.constantFrom('ams', 'far'),
      length: fc.constantFrom(48, 52),
      number: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ what, orderId, site, length, number }) => {
      const prefix = `2001:db8:${number}::/${length}`;
      return (time: number): Fact => {
        if (what === 'ordered') return ordered(time, { orderId, site, length });
        if (what === 'cancelled') return customerPrefixOrderCancelled('c1', orderId, time);
        if (what === 'allocated') return allocated(prefix, time, { orderId, site });
        const tell = what === 'delegated' ? customerPrefixDelegated : customerPrefixWithdrawn;
        return tell('c1', prefix, time);
      };
    });

  it('is the same whatever the order in which facts of different times arrive', () => {
    const shuffled = fc
      .array(anyFact, { minLength: 1, maxLength: 14 })
      .map((facts) => facts.map((fact, time) => fact(time)))
      .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })));
    fc.assert(
      fc.property(shuffled, ([inTime, arrived]) => {
        const said = (facts: readonly Fact[]): object => {
          const row = rowOf(facts);
          return {
            has: customerPrefixes(row).map(({ prefix, allocated: one }) => [prefix, one?.id, one?.site]),
            waits: unallocatedCustomerOrders(row).map(({ id, value }) => [id, value]),
          };
        };
        expect(said(arrived)).toEqual(said(inTime));
      }),
      { numRuns: 500 },
    );
  });
});
