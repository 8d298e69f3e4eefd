import {
  addressPoolAdded,
  addressPoolRetired,
  customerPrefixDelegated,
  customerPrefixOrderCancelled,
  customerPrefixOrdered,
  customerPrefixWithdrawn,
  type Fact,
  gatewayDeclared,
  ipv6PrefixAssigned,
  ipv6PrefixOrdered,
  ipv6PrefixReleased,
  serverAdded,
  serverTransferred,
} from '../support/history.js';
import { tempDirectory } from '../support/temp-directory.js';
import { AllocatorRig, coolDownMinutes, until } from './allocator-rig.js';

const pool = (prefix: string, poolId = 'net-a', site = 'default', reserved: readonly string[] = []): Fact =>
  addressPoolAdded(poolId, { prefix, site, purpose: 'customer-prefix', reserved }, 1);
const orders = (customerId: string, orderId = 'net-1', at = 10, site = 'default', length?: number): Fact =>
  customerPrefixOrdered(customerId, { orderId, site, ...(length === undefined ? {} : { length }) }, at);
const cancels = (customerId: string, at: number, orderId = 'net-1'): Fact =>
  customerPrefixOrderCancelled(customerId, orderId, at);
const server = (id: string, number: number, customerId: string, name = 'leaf1'): Fact =>
  serverAdded(id, { customerId, port: `${name}:Ethernet${number}`, vlan: number, mac: `52:54:00:00:00:${number}` }, 2);

describe('the allocator of prefixes for customers', () => {
  const directory = tempDirectory();
  let round = 0;
  let rig: AllocatorRig;

  beforeEach(async () => {
    rig = await AllocatorRig.open(`${directory}/${round++}`);
  });
  afterEach(() => rig.close());
  const has = (...names: readonly string[]): (string | undefined)[] =>
    names.map((name) => rig.customerPrefixOf(...(name.split(' ') as [string, string?])));

  it('gives an order the first free /48 of the site, names the order and the pool, and two orders two', async () => {
    await rig.tell(pool('2001:db8::/32'), pool('2a00:1::/32', 'b', 'far'));
    await rig.tell(orders('c1'), orders('c1', 'net-2'), orders('c2', 'net-1', 10, 'far'));
    await rig.served();
    expect(has('c1', 'c1 net-2', 'c2')).toEqual(['2001:db8::/48', '2001:db8:1::/48', '2a00:1::/48']);
    const [decision] = await rig.decisions();
    const order = (await rig.events()).find(({ type }) => type === 'CustomerPrefixOrdered');
    expect(decision).toMatchObject({
      stream: 'customer-c1',
      data: { customerId: 'c1', orderId: 'net-1', prefix: '2001:db8::/48', site: 'default', poolId: 'net-a' },
      metadata: { source: 'urn:portledger:allocator', causedBy: [order?.id] },
    });
  });

  it('makes the same decision under the same id, whoever makes it', async () => {
    const facts = [pool('2001:db8::/32'), orders('c1'), orders('c2')];
    const other = await AllocatorRig.open(`${directory}/${round++}`);
    try {
      for (const one of [rig, other]) {
        await one.tell(...facts);
        await one.served();
      }
      const [ours, theirs] = await Promise.all([rig.decisions(), other.decisions()]);
      expect(ours.map(({ id, data }) => [id, data])).toEqual(theirs.map(({ id, data }) => [id, data]));
      expect(ours).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  it('takes any length asked for, the lowest that nobody has a part of', async () => {
    await rig.tell(
      ...[pool('2001:db8::/44'), gatewayDeclared('leaf1', { addresses: ['2001:db8:2::1'], macs: [] }, 1)],
      ...[
        orders('c1', 'net-1', 10, 'default', 56),
        orders('c2', 'net-1', 11),
        orders('c3', 'net-1', 12, 'default', 46),
      ],
      ...[orders('c4', 'net-1', 13, 'default', 52), orders('c5', 'net-1', 14, 'default', 64)],
    );
    await rig.served();
    expect(has('c1', 'c2', 'c3', 'c4', 'c5')).toEqual([
      ...['2001:db8::/56', '2001:db8:1::/48', '2001:db8:4::/46', '2001:db8:0:1000::/52', '2001:db8:0:100::/64'],
    ]);
  });

  it('leaves out what a server of anybody has a part of, what a gateway speaks in, and what is reserved', async () => {
    await rig.tell(
      ...[pool('2001:db8::/45', 'net-a', 'default', ['2001:db8:1::5']), server('s1', 11, 'c1'), server('s2', 12, 'c9')],
      gatewayDeclared('leaf1', { addresses: ['2001:db8:2:7::1'], macs: [] }, 1),
      ipv6PrefixAssigned('s1', { prefix: '2001:db8:0:5::/64' }, 3),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:3:8000::/80' }, 3),
      ...[customerPrefixDelegated('c8', '2001:db8:4::/47', 3), orders('c1'), orders('c2')],
    );
    await rig.served();
    expect(has('c1', 'c2')).toEqual(['2001:db8:6::/48', '2001:db8:7::/48']);
    expect(rig.allocator.pools()).toMatchObject([{ countedLength: 48, size: 8, taken: 4, free: 0, keptBack: 4 }]);
    await rig.tell(
      ipv6PrefixReleased('s1', { prefix: '2001:db8:0:5::/64' }, rig.minute),
      orders('c3'),
      orders('c1', 'net-2'),
    );
    await rig.served();
    // What its server gave back is its own at once, and kept from another customer.
    expect(has('c3', 'c1 net-2')).toEqual([undefined, '2001:db8::/48']);
  });

  it('follows what servers claim while it hands out, and frees all that they no longer claim', async () => {
    await rig.tell(pool('2001:db8::/44'), server('s1', 11, 'c9'), orders('c1'));
    await rig.served();
    const parts = Array.from({ length: 12 }, (_, index) => `2001:db8:${(index + 1).toString(16)}:7::/64`);
    for (const prefix of parts) await rig.tell(ipv6PrefixAssigned('s1', { prefix }, 20));
    await rig.tell(orders('c2'));
    await rig.served();
    expect(has('c1', 'c2')).toEqual(['2001:db8::/48', '2001:db8:d::/48']);
    expect(await rig.decisions()).toHaveLength(2);
    expect(rig.allocator.pools()).toMatchObject([{ size: 16, taken: 2, free: 2, keptBack: 12 }]);
    for (const prefix of parts) await rig.tell(ipv6PrefixReleased('s1', { prefix }, 30));
    rig.minute += coolDownMinutes;
    await rig.tell(orders('c3'));
    await rig.served();
    expect(has('c3')).toEqual(['2001:db8:1::/48']);
    expect(rig.allocator.pools()).toMatchObject([{ size: 16, taken: 3, free: 13, keptBack: 0 }]);
  });

  it('keeps a prefix that was given back from others for a while, and its customer gets it back', async () => {
    await rig.tell(pool('2001:db8::/48'), orders('c1'));
    await rig.served();
    await rig.tell(cancels('c1', 20), orders('c2', 'net-1', 21));
    await rig.served();
    expect(has('c1', 'c2')).toEqual([undefined, undefined]);
    expect(rig.allocator.pools()).toMatchObject([{ size: 1, taken: 0, cooling: 1, free: 0, keptBack: 0 }]);
    expect([...rig.alerts]).toEqual([
      [
        '/48 at site default',
        'net-1 of customer c2 waits: no /48 is free in the pools for customer prefixes at site default. ' +
          'Publish AddressPoolAdded of purpose customer-prefix for the site.',
      ],
    ]);
    await rig.tell(orders('c1', 'net-9', 22));
    await until(() => rig.customerPrefixOf('c1', 'net-9') === '2001:db8::/48');
    await rig.tell(cancels('c1', 101, 'net-9'));
    rig.minute += coolDownMinutes + 2;
    await rig.tell(server('s9', 19, 'c9'));
    await until(() => rig.customerPrefixOf('c2') === '2001:db8::/48');
    await until(() => rig.alerts.size === 0);
  });

  it('keeps it also for what a server held on to: none of it goes to another before the last part cooled down', async () => {
    await rig.tell(pool('2001:db8::/48'), server('s1', 11, 'c1'), orders('c1'));
    await rig.served();
    await rig.tell(ipv6PrefixOrdered('s1', { orderId: 'v6-1' }, 12));
    await until(() => rig.prefixOf('s1') === '2001:db8::/64');
    await rig.tell(cancels('c1', 20), orders('c2', 'net-1', 21));
    rig.minute += 5 * coolDownMinutes;
    await rig.tell(server('s9', 19, 'c9'));
    await rig.served();
    expect([rig.prefixOf('s1'), ...has('c2')]).toEqual(['2001:db8::/64', undefined]);
    await rig.tell(serverTransferred('s1', { customerId: 'c9' }, rig.minute));
    await rig.served();
    expect(has('c2')).toEqual([undefined]);
    rig.minute += coolDownMinutes + 1;
    await rig.tell(server('s8', 18, 'c8'));
    await until(() => rig.customerPrefixOf('c2') === '2001:db8::/48');
  });

  it('gives another one where the order goes to another site or length, and the first one back where it comes back', async () => {
    await rig.tell(pool('2001:db8::/44'), pool('2001:db8:100::/44', 'b', 'far'), orders('c1'), orders('c2'));
    await rig.served();
    await rig.tell(orders('c2', 'net-1', 11, 'far'));
    await until(() => rig.customerPrefixOf('c2') === '2001:db8:100::/48');
    await rig.tell(orders('c2', 'net-1', 12, 'far', 52));
    await until(() => rig.customerPrefixOf('c2') === '2001:db8:101::/52');
    await rig.tell(orders('c2', 'net-1', 13));
    await until(() => rig.customerPrefixOf('c2') === '2001:db8:1::/48');
    const decisions = (await rig.decisions()).filter(({ stream }) => stream === 'customer-c2');
    expect(decisions.map(({ metadata: { causedBy = [] } }) => causedBy[1])).toEqual([
      undefined,
      ...decisions.slice(0, 3).map(({ id }) => id),
    ]);
  });

  it('is served out of what an order has, at its site; and waits for one that is not served yet', async () => {
    await rig.tell(
      ...[
        pool('2001:db8:100::/44', 'b', 'far'),
        server('s1', 11, 'c1'),
        server('f1', 12, 'c1', 'far1'),
        server('s2', 13, 'c2'),
      ],
      addressPoolAdded('p', { prefix: '2001:db8:9::/48', site: 'default', purpose: 'server-prefix' }, 1),
      ...[orders('c1', 'net-1', 10, 'far'), orders('c2')],
      ...['s1', 'f1', 's2'].map((id) => ipv6PrefixOrdered(id, { orderId: 'v6-1' }, 11)),
    );
    await until(() => rig.prefixOf('f1') === '2001:db8:100::/64' && rig.prefixOf('s1') === '2001:db8:9::/64');
    await rig.served();
    expect(rig.prefixOf('s2')).toBeUndefined();
    expect(rig.allocator.waiting()).toMatchObject([
      { customerId: 'c2', orderId: 'net-1', reason: expect.stringContaining('there is no pool') as string },
      {
        serverId: 's2',
        reason: 'the prefix that was ordered for customer c2 at site default is not allocated yet',
      },
    ]);
    expect(rig.told).toEqual(['customer-prefix-empty /48 at site default']);
    await rig.tell(pool('2001:db8::/44'));
    await until(() => rig.prefixOf('s2') === '2001:db8::/64');
    await until(() => rig.alerts.size === 0);
  });

  it('gives the servers at another site nothing, and says that what the customer has is of another one', async () => {
    await rig.tell(pool('2001:db8:100::/44', 'b', 'far'), server('s1', 11, 'c1'), orders('c1', 'net-1', 10, 'far'));
    await rig.served();
    await rig.tell(ipv6PrefixOrdered('s1', { orderId: 'v6-1' }, 11));
    await rig.served();
    expect(rig.prefixOf('s1')).toBeUndefined();
    expect(rig.allocator.waiting().map(({ reason }) => reason)).toEqual([
      'no prefix of this site was allocated to customer c1, and there is no pool for server prefixes at site default',
    ]);
    expect(rig.told).toEqual(['ipv6-prefix-empty site default']);
  });

  it('gives another one where what it had counts again, and an earlier order has a part of it by now', async () => {
    await rig.tell(pool('2001:db8::/44'), orders('c1'));
    await rig.served();
    await rig.tell(cancels('c1', 20));
    rig.minute += coolDownMinutes;
    await rig.tell(orders('c1', 'net-2', 21, 'default', 52));
    await rig.served();
    expect(has('c1 net-2')).toEqual(['2001:db8::/52']);
    await rig.tell(orders('c1', 'net-1', 30));
    await rig.served();
    expect(has('c1', 'c1 net-2')).toEqual(['2001:db8:1::/48', '2001:db8::/52']);
  });

  it('gives another one where billing names the same prefix, for this customer or a wider one around it', async () => {
    await rig.tell(pool('2001:db8::/44'), orders('c1'), orders('c2'));
    await rig.served();
    await rig.tell(
      customerPrefixDelegated('c1', '2001:db8::/48', 20),
      customerPrefixDelegated('c2', '2001:db8::/47', 20),
    );
    await rig.served();
    // Of two customers the earlier word holds; what billing names itself it sells beside.
    expect(has('c1', 'c2')).toEqual(['2001:db8:2::/48', '2001:db8:3::/48']);
  });

  it.each([
    ['to another customer', customerPrefixDelegated('c9', '2001:db8::/47', 9)],
    ['to a server of another customer', ipv6PrefixAssigned('s9', { prefix: '2001:db8:0:7::/64' }, 9)],
  ])('gives another one where billing named what it chose, or a part, %s earlier in the log', async (_whom, fact) => {
    await rig.close();
    let isSold = false;
    rig = await AllocatorRig.open(`${directory}/${round++}`, (store) => ({
      readStream: store.readStream.bind(store),
      append: async (request) => {
        if (!isSold) {
          isSold = true;
          await rig.tell(fact);
        }
        return store.append(request);
      },
    }));
    await rig.tell(pool('2001:db8::/44'), server('s9', 11, 'c9'), orders('c1'));
    await until(() => rig.customerPrefixOf('c1') !== undefined);
    expect(['2001:db8:1::/48', '2001:db8:2::/48']).toContain(rig.customerPrefixOf('c1'));
    const [lost, kept, ...more] = await rig.decisions();
    expect(more).toEqual([]);
    expect(kept?.metadata.causedBy).toEqual([lost?.metadata.causedBy?.[0], lost?.id]);
  });

  it('takes nothing out of a retired pool, and who has something of it keeps it', async () => {
    await rig.tell(pool('2001:db8::/44'), orders('c1'));
    await rig.served();
    await rig.tell(addressPoolRetired('net-a', 20), orders('c2'));
    await rig.served();
    expect(has('c1', 'c2')).toEqual(['2001:db8::/48', undefined]);
    expect(rig.allocator.waiting().map(({ reason }) => reason)).toEqual([
      'there is no pool for customer prefixes that a /48 fits into at site default',
    ]);
  });

  it('leaves what is delegated out of a pool for servers to its customer: a server gets none of it from there', async () => {
    const servers = addressPoolAdded('p', { prefix: '2001:db8::/56', site: 'default', purpose: 'server-prefix' }, 1);
    await rig.tell(
      servers,
      server('s1', 11, 'c1'),
      server('s2', 12, 'c2'),
      ipv6PrefixOrdered('s1', { orderId: 'v6-1' }, 10),
    );
    await rig.served();
    expect(rig.prefixOf('s1')).toBe('2001:db8::/64');
    await rig.tell(
      customerPrefixDelegated('c9', '2001:db8:0:1::/64', 11),
      customerPrefixDelegated('c9', '2001:db8:0:2::/63', 11),
    );
    await rig.tell(ipv6PrefixOrdered('s2', { orderId: 'v6-1' }, 12));
    await rig.served();
    expect(rig.prefixOf('s2')).toBe('2001:db8:0:4::/64');
    expect(rig.allocator.pools()).toMatchObject([{ size: 256, taken: 5, free: 251 }]);
    await rig.tell(
      customerPrefixWithdrawn('c9', '2001:db8:0:1::/64', 13),
      ipv6PrefixOrdered('s2', { orderId: 'v6-2' }, 14),
    );
    await rig.served();
    expect(rig.prefixOf('s2', 'v6-2')).toBe('2001:db8:0:1::/64');
  });
});
