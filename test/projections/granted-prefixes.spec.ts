import { type Binding, endedPrefixesOf } from '../../projections/index.js';
import {
  type Fact,
  fold,
  instantOf,
  ipv6PrefixAllocated,
  ipv6PrefixAssigned,
  ipv6PrefixOrderCancelled,
  ipv6PrefixOrdered,
  linkUp,
  serverAdded,
  serverRemoved,
  serverTransferred,
} from '../support/history.js';
import { desiredState } from '../../projections/index.js';

const port = 'leaf1:Ethernet1';
const added = serverAdded('s1', { customerId: 'c1', port, vlan: 11, mac: '52:54:00:00:00:11' }, 1);
const ordered = ipv6PrefixOrdered('s1', { orderId: 'o1' }, 2);
const allocated = (prefix: string, at: number, customerId = 'c1', orderId = 'o1'): Fact =>
  ipv6PrefixAllocated('s1', { orderId, prefix, customerId }, at);
const first = '2001:db8:7::/64';

const bindingIn = (...facts: Fact[]): Binding | undefined => fold(facts).map.binding('s1');
const prefixesIn = (...facts: Fact[]): readonly string[] =>
  bindingIn(...facts)?.prefixes.map(({ prefix }) => prefix) ?? [];

describe('a /64 that was allocated to an order', () => {
  it('counts as one that was assigned, and says for which order', () => {
    expect(bindingIn(added, ordered)).toMatchObject({ prefixes: [], unallocatedOrders: ['o1'] });
    expect(bindingIn(added, ordered, allocated(first, 3))).toMatchObject({
      prefixes: [{ prefix: first, orderId: 'o1', heldBy: undefined, soldAt: 2 }],
      unallocatedOrders: [],
    });
  });

  it('counts only while the order’s latest fact is the order, in whatever order the facts are told', () => {
    const cancelled = ipv6PrefixOrderCancelled('s1', { orderId: 'o1' }, 4);
    expect(prefixesIn(added, ordered, allocated(first, 3), cancelled)).toEqual([]);
    expect(prefixesIn(cancelled, allocated(first, 3), ordered, added)).toEqual([]);
    expect(prefixesIn(added, allocated(first, 3))).toEqual([]);
    const again = ipv6PrefixOrdered('s1', { orderId: 'o1' }, 5);
    expect(prefixesIn(added, ordered, allocated(first, 3), cancelled, again)).toEqual([first]);
  });

  it('counts only while the server is of the customer for whom it was chosen', () => {
    const transferred = serverTransferred('s1', { customerId: 'c2' }, 4);
    const lost = bindingIn(added, ordered, allocated(first, 3), transferred);
    expect(lost).toMatchObject({ prefixes: [], unallocatedOrders: ['o1'] });
    const others = allocated('2001:db8:8::/64', 5, 'c2');
    expect(prefixesIn(added, ordered, allocated(first, 3), transferred, others)).toEqual(['2001:db8:8::/64']);
    // A decision that was made for the customer before arrives late: it gives the next one nothing.
    expect(prefixesIn(added, ordered, transferred, allocated(first, 6))).toEqual([]);
  });

  it('ends with the server, and was had until then', () => {
    const ended = fold([added, ordered, allocated(first, 3), serverRemoved('s1', {}, 9)]);
    expect(ended.map.binding('s1')?.prefixes).toEqual([]);
    const row = ended.map.assignments.get('s1');
    expect(row && endedPrefixesOf(row)).toEqual([
      { value: first, namedAt: Date.parse(instantOf(3)), endedAt: Date.parse(instantOf(9)), customerId: 'c1' },
    ]);
  });

  it('is one prefix where billing assigns it by name as well', () => {
    const both = bindingIn(added, ordered, allocated(first, 3), ipv6PrefixAssigned('s1', { prefix: first }, 4));
    expect(both?.prefixes).toMatchObject([{ prefix: first, soldAt: 3 }]);
    expect(both?.conflicts).toEqual([]);
  });

  it('waits behind an earlier claim of another customer, and is routed where it holds', () => {
    const other = serverAdded('s2', { customerId: 'c2', port: 'leaf1:Ethernet2', vlan: 12 }, 1);
    const taken = ipv6PrefixAssigned('s2', { prefix: '2001:db8:7::/56' }, 2);
    const waiting = bindingIn(added, other, taken, ordered, allocated(first, 3));
    expect(waiting?.conflicts).toEqual([{ claim: `prefix ${first}`, holder: 's2' }]);
    const { map } = fold([added, ordered, allocated(first, 3), linkUp(port, 4)]);
    const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 7 };
    expect(desiredState(map, view).routes).toMatchObject([{ prefix: first, serverId: 's1' }]);
  });
});
