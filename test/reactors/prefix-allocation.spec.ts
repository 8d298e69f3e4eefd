import {
  addressPoolAdded,
  customerPrefixDelegated,
  customerPrefixWithdrawn,
  type Fact,
  gatewayDeclared,
  ipv6PrefixAssigned,
  ipv6PrefixOrderCancelled,
  ipv6PrefixOrdered,
  ipv6PrefixReleased,
  serverAdded,
  serverRemoved,
  serverTransferred,
} from '../support/history.js';
import { tempDirectory } from '../support/temp-directory.js';
import { AllocatorRig, coolDownMinutes, until } from './allocator-rig.js';

const server = (id: string, number: number, customerId: string, name = 'leaf1'): Fact =>
  serverAdded(id, { customerId, port: `${name}:Ethernet${number}`, vlan: number, mac: `52:54:00:00:00:${number}` }, 2);
const orders = (id: string, at = 10, orderId = 'v6-1'): Fact => ipv6PrefixOrdered(id, { orderId }, at);
const cancels = (id: string, at: number, orderId = 'v6-1'): Fact => ipv6PrefixOrderCancelled(id, { orderId }, at);
const delegated = (customerId: string, prefix: string, at = 1): Fact => customerPrefixDelegated(customerId, prefix, at);
const pool = (prefix: string, poolId = 'v6-a', site = 'default'): Fact =>
  addressPoolAdded(poolId, { prefix, site, purpose: 'server-prefix' }, 1);

describe('the allocator of /64s', () => {
  const directory = tempDirectory();
  let round = 0;
  let rig: AllocatorRig;

  beforeEach(async () => {
    rig = await AllocatorRig.open(`${directory}/${round++}`);
  });
  afterEach(() => rig.close());

  it('gives a server the first free /64 of what is delegated to its customer, and names the order', async () => {
    await rig.tell(delegated('c1', '2001:db8:7::/48'), server('s1', 11, 'c1'), orders('s1'), orders('s1', 11, 'v6-2'));
    await rig.served();
    expect([rig.prefixOf('s1'), rig.prefixOf('s1', 'v6-2')]).toEqual(['2001:db8:7::/64', '2001:db8:7:1::/64']);
    const [decision] = await rig.decisions();
    const { events } = await rig.store.readStream('server-s1');
    expect(decision).toMatchObject({
      stream: 'server-s1',
      data: { serverId: 's1', orderId: 'v6-1', prefix: '2001:db8:7::/64', customerId: 'c1' },
      metadata: { causedBy: [events[1]?.id] },
    });
  });

  it('makes the same decision under the same id, whoever makes it', async () => {
    const facts = [delegated('c1', '2001:db8:7::/48'), server('s1', 11, 'c1'), orders('s1')];
    await rig.tell(...facts);
    await rig.served();
    const other = await AllocatorRig.open(`${directory}/${round++}`);
    try {
      await other.tell(...facts);
      await other.served();
      const ids = [await rig.decisions(), await other.decisions()].map((all) => all.map(({ id }) => id));
      expect(ids[0]).toEqual(ids[1]);
      expect(ids[0]).toHaveLength(1);
      // Stored once more it is a duplicate, whatever the time says.
      const [decision] = await rig.decisions();
      if (decision === undefined) throw new Error('No decision was made.');
      const { stream, id, type, data, metadata } = decision;
      const events = [{ id, type, data: data as object, metadata }];
      expect(await rig.store.append({ stream, expected: 'any', events })).toMatchObject({ outcome: 'duplicate' });
    } finally {
      await other.close();
    }
  });

  it('takes the prefix that was delegated first first, and the next one when that is full', async () => {
    await rig.tell(
      ...[delegated('c1', '2001:db8:9::/63', 5), delegated('c1', '2001:db8:7::/48', 1), server('s1', 11, 'c1')],
      ...['a', 'b', 'c'].map((id) => orders('s1', 10, id)),
    );
    await rig.served();
    expect(['a', 'b', 'c'].map((id) => rig.prefixOf('s1', id))).toEqual([
      ...['2001:db8:9::/64', '2001:db8:9:1::/64', '2001:db8:7::/64'],
    ]);
  });

  it('takes nothing out of a delegation that waits for another customer’s, and serves the order when that is withdrawn', async () => {
    await rig.tell(
      ...[delegated('c1', '2001:db8:7::/48'), delegated('c2', '2001:db8:7:8::/61'), pool('2001:db8:99::/48')],
      ...[server('s2', 12, 'c2'), orders('s2')],
    );
    await rig.served();
    expect(rig.prefixOf('s2')).toBeUndefined();
    expect(rig.allocator.waiting()).toMatchObject([
      { serverId: 's2', orderId: 'v6-1', reason: expect.stringContaining('waits for that of customer c1') as string },
    ]);
    await until(() => rig.alerts.has('customer c2'));
    await rig.tell(customerPrefixWithdrawn('c1', '2001:db8:7::/48', 20));
    await until(() => rig.prefixOf('s2') === '2001:db8:7:8::/64');
    await until(() => rig.alerts.size === 0);
    expect(rig.told).toEqual(['ipv6-prefix-empty customer c2']);
  });

  it('serves a customer that has no prefix out of the pools of the site, and tells once where there is none', async () => {
    await rig.tell(
      ...[pool('2001:db8:9::/48', 'b'), pool('2001:db8:8::/64', 'a'), server('s1', 11, 'c1'), server('s2', 12, 'c2')],
      ...[server('f1', 13, 'c3', 'far1'), server('f2', 14, 'c4', 'far1')],
      ...[orders('s1'), orders('s2'), orders('f1'), orders('f2')],
    );
    await rig.served();
    expect([rig.prefixOf('s1'), rig.prefixOf('s2')]).toEqual(['2001:db8:8::/64', '2001:db8:9::/64']);
    expect((await rig.decisions())[0]?.data).toMatchObject({ poolId: 'a', customerId: 'c1' });
    await until(() => rig.alerts.has('site far'));
    expect(rig.alerts.get('site far')).toContain('v6-1 of f1 and 1 more wait: no prefix is delegated to customer c3');
    await rig.tell(delegated('c3', '2001:db8:3::/48'), pool('2001:db8:4::/48', 'far', 'far'));
    await until(() => rig.prefixOf('f1') === '2001:db8:3::/64' && rig.prefixOf('f2') === '2001:db8:4::/64');
    await until(() => rig.alerts.size === 0);
  });

  it('gives a server that went to another customer one of that customer’s, and what it had when it comes back', async () => {
    await rig.tell(
      ...[delegated('c1', '2001:db8:7::/48'), delegated('c2', '2001:db8:8::/48'), server('s1', 11, 'c1')],
      ...[server('s2', 12, 'c1'), orders('s2'), orders('s1')],
    );
    await rig.served();
    expect(rig.prefixOf('s1')).toBe('2001:db8:7:1::/64');
    await rig.tell(serverTransferred('s1', { customerId: 'c2' }, rig.minute + 1));
    await until(() => rig.prefixOf('s1') === '2001:db8:8::/64');
    await rig.tell(serverTransferred('s1', { customerId: 'c1' }, rig.minute + 2));
    await until(() => rig.prefixOf('s1') === '2001:db8:7:1::/64');
    const decisions = (await rig.decisions()).filter(({ stream }) => stream === 'server-s1');
    expect(decisions.map(({ data }) => (data as { customerId: string }).customerId)).toEqual(['c1', 'c2', 'c1']);
    expect(decisions[2]?.metadata.causedBy).toEqual([decisions[0]?.metadata.causedBy?.[0], decisions[1]?.id]);
  });

  it('leaves out what billing assigned, a part of it or more than it, and what a gateway speaks with', async () => {
    await rig.tell(
      ...[delegated('c1', '2001:db8:7::/60'), server('s1', 11, 'c1'), server('s2', 12, 'c1'), server('s3', 13, 'c9')],
      gatewayDeclared('leaf1', { addresses: ['2001:db8:7:1::1'], macs: [] }, 1),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:7::/64' }, 3),
      ipv6PrefixAssigned('s3', { prefix: '2001:db8:7:2:8000::/80' }, 3),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:7:4::/62' }, 3),
      ...['a', 'b'].map((id) => orders('s1', 10, id)),
    );
    await rig.served();
    expect(['a', 'b'].map((id) => rig.prefixOf('s1', id))).toEqual(['2001:db8:7:3::/64', '2001:db8:7:8::/64']);
    const [figures] = rig.allocator.delegations('c1') ?? [];
    // Of the other customer's and the gateway's the customer has nothing.
    expect(figures).toMatchObject({ size: 16, taken: 7, cooling: 0, keptBack: 2, free: 7 });
    // What is assigned once the prefix is in use is left out as well.
    await rig.tell(ipv6PrefixAssigned('s3', { prefix: '2001:db8:7:9:8000::/80' }, 12), orders('s1', 12, 'c'));
    await rig.served();
    expect(rig.prefixOf('s1', 'c')).toBe('2001:db8:7:a::/64');
  });

  it('keeps a /64 that was given back from others for a while, and not from the server or its customer’s', async () => {
    await rig.tell(
      ...[
        pool('2001:db8:9::/64'),
        server('s1', 11, 'c1'),
        server('s2', 12, 'c2'),
        server('s3', 13, 'c1'),
        orders('s1'),
      ],
    );
    await rig.served();
    await rig.tell(serverRemoved('s1', {}, rig.minute), orders('s2', rig.minute));
    await rig.served();
    expect(rig.prefixOf('s2')).toBeUndefined();
    expect(rig.allocator.pools()).toMatchObject([{ size: 1, taken: 0, cooling: 1, free: 0, keptBack: 0 }]);
    await rig.tell(orders('s3', rig.minute));
    await until(() => rig.prefixOf('s3') === '2001:db8:9::/64');
    await rig.tell(cancels('s3', rig.minute + 1));
    rig.minute += coolDownMinutes + 2;
    await rig.tell(server('s9', 19, 'c9'));
    await until(() => rig.prefixOf('s2') === '2001:db8:9::/64');
  });

  it('keeps a /64 that two gave back until the last of them cooled down, also from the other one', async () => {
    await rig.tell(pool('2001:db8:9::/63'), server('s1', 11, 'c1'), server('s2', 12, 'c2'), orders('s2'));
    await rig.served();
    await rig.tell(
      cancels('s2', rig.minute),
      ipv6PrefixAssigned('s1', { prefix: '2001:db8:9::/64' }, rig.minute + 1),
      ipv6PrefixReleased('s1', { prefix: '2001:db8:9::/64' }, rig.minute + 2),
      orders('s1', rig.minute + 3),
    );
    await rig.served();
    expect(rig.prefixOf('s1')).toBe('2001:db8:9:1::/64');
  });

  it('cools a wider prefix down as a whole, and frees of it what nobody has', async () => {
    await rig.tell(
      ...[delegated('c1', '2001:db8:7::/62'), server('s1', 11, 'c1'), server('s2', 12, 'c2')],
      ...[ipv6PrefixAssigned('s2', { prefix: '2001:db8:7::/63' }, 3), orders('s1')],
    );
    await rig.served();
    expect(rig.prefixOf('s1')).toBe('2001:db8:7:2::/64');
    await rig.tell(serverRemoved('s2', {}, rig.minute), orders('s1', rig.minute, 'b'), orders('s1', rig.minute, 'c'));
    await rig.served();
    expect([rig.prefixOf('s1', 'b'), rig.prefixOf('s1', 'c')]).toEqual(['2001:db8:7:3::/64', undefined]);
    rig.minute += coolDownMinutes + 1;
    await rig.tell(server('s9', 19, 'c9'));
    await until(() => rig.prefixOf('s1', 'c') === '2001:db8:7::/64');
  });

  it('gives another one where billing assigned the one it chose to a server that stands earlier in the log', async () => {
    await rig.close();
    let isSold = false;
    rig = await AllocatorRig.open(`${directory}/${round++}`, (store) => ({
      readStream: store.readStream.bind(store),
      append: async (request) => {
        if (!isSold) {
          isSold = true;
          await rig.tell(ipv6PrefixAssigned('s2', { prefix: '2001:db8:7::/56' }, 10));
        }
        return store.append(request);
      },
    }));
    await rig.tell(delegated('c1', '2001:db8:7::/48'), server('s1', 11, 'c1'), server('s2', 12, 'c2'), orders('s1'));
    await until(() => rig.prefixOf('s1') === '2001:db8:7:100::/64');
    const [lost, kept, ...more] = await rig.decisions();
    expect(more).toEqual([]);
    expect(kept?.metadata.causedBy).toEqual([lost?.metadata.causedBy?.[0], lost?.id]);
  });
});
