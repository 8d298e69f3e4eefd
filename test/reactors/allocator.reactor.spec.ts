import {
  addressPoolAdded,
  addressPoolRetired,
  type Fact,
  gatewayDeclared,
  gatewayRetired,
  instantOf,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  serverAdded,
  serverRemoved,
  serverTransferred,
} from '../support/history.js';
import { tempDirectory } from '../support/temp-directory.js';
import { AllocatorRig, coolDownMinutes, until } from './allocator-rig.js';

const pool = (prefix: string, more: { reserved?: string[]; site?: string; poolId?: string } = {}, at = 1): Fact => {
  const { poolId = 'v4-a', site = 'default', ...rest } = more;
  return addressPoolAdded(poolId, { prefix, site, purpose: 'ipv4-add-on', ...rest }, at);
};
const server = (id: string, number: number, customerId = `c-${id}`, name = 'leaf1'): Fact =>
  serverAdded(id, { customerId, port: `${name}:Ethernet${number}`, vlan: number, mac: `52:54:00:00:00:${number}` }, 2);
const buys = (id: string, at = 10, addOnId = 'ip-1'): Fact => ipv4AddOnBought(id, { addOnId }, at);

describe('the allocator', () => {
  const directory = tempDirectory();
  let round = 0;
  let path = '';
  let rig: AllocatorRig;

  beforeEach(async () => {
    path = `${directory}/${round++}`;
    rig = await AllocatorRig.open(path);
  });
  afterEach(() => rig.close());

  it('gives an add-on that was bought without an address the first free one of the pool, and names the purchase', async () => {
    await rig.tell(pool('198.51.100.0/29'), server('s1', 11), buys('s1'));
    await rig.served();
    expect(rig.addressOf('s1')).toBe('198.51.100.1');
    const [decision, ...more] = await rig.decisions();
    expect(more).toEqual([]);
    expect(decision).toMatchObject({
      stream: 'server-s1',
      data: { serverId: 's1', addOnId: 'ip-1', address: '198.51.100.1', poolId: 'v4-a' },
    });
    const { events } = await rig.store.readStream('server-s1');
    expect(decision?.metadata.causedBy).toEqual([events[1]?.id]);
    expect(rig.projector.liveMap.map.binding('s1')).toMatchObject({
      unallocated: [],
      addresses: [{ addOnId: 'ip-1', address: '198.51.100.1', allocatedFrom: 'v4-a' }],
    });
  });

  it('leaves out network, broadcast, reserved and gateway addresses, and what anybody claims, also in vain', async () => {
    await rig.tell(
      pool('198.51.100.0/29', { reserved: ['198.51.100.2'] }),
      gatewayDeclared('leaf1', { addresses: ['198.51.100.1'], macs: [] }, 1),
      ...[server('s1', 11), server('s2', 12), server('s3', 13), server('s4', 14), server('s5', 15)],
      ipv4AddOnBought('s1', { addOnId: 'x', address: '198.51.100.3' }, 3),
      ipv4AddOnBought('s2', { addOnId: 'x', address: '198.51.100.3' }, 3),
      ...[buys('s3'), buys('s4'), buys('s5')],
    );
    await rig.served();
    expect(['s3', 's4', 's5'].map((id) => rig.addressOf(id))).toEqual(['198.51.100.4', '198.51.100.5', '198.51.100.6']);
    // The first gives it back, the second holds it: it is still somebody's.
    await rig.tell(ipv4AddOnCancelled('s1', { addOnId: 'x' }, 20), buys('s1', 21));
    rig.minute += 2 * coolDownMinutes;
    await rig.tell(buys('s5', 22, 'ip-2'));
    await rig.served();
    expect(rig.addressOf('s2', 'x')).toBe('198.51.100.3');
    expect(rig.addressOf('s1')).toBeUndefined();
    expect(rig.allocator.waiting().map(({ serverId }) => serverId)).toEqual(['s1', 's5']);
  });

  it('keeps an address back as long as the gateway of any switch has it', async () => {
    const gateway = (name: string, addresses: string[], at: number): Fact =>
      gatewayDeclared(name, { addresses, macs: [] }, at);
    await rig.tell(
      pool('198.51.100.0/30'),
      gateway('leaf1', ['198.51.100.1', '198.51.100.2'], 1),
      gateway('leaf2', ['198.51.100.1'], 1),
      ...[server('s1', 11), server('s2', 12), buys('s1'), buys('s2', 11)],
    );
    await until(() => rig.allocator.waiting().length === 2);
    await rig.tell(gateway('leaf1', [], 20));
    await until(() => rig.addressOf('s1') === '198.51.100.2');
    await rig.served();
    expect(rig.addressOf('s2')).toBeUndefined();
    await rig.tell(gatewayRetired('leaf2', 30));
    await until(() => rig.addressOf('s2') === '198.51.100.1');
  });

  it('takes addresses from the pools of the site of the server’s switch, in the order of their ids', async () => {
    await rig.tell(
      ...[pool('198.51.100.8/30', { poolId: 'b' }), pool('198.51.100.0/30', { poolId: 'a' })],
      pool('203.0.113.0/30', { poolId: '0', site: 'far' }),
      ...[server('s1', 11), server('s2', 12), server('s3', 13), server('f1', 14, 'c', 'far1')],
      ...[buys('s1'), buys('s2'), buys('s3'), buys('f1')],
    );
    await rig.served();
    expect(['s1', 's2', 's3', 'f1'].map((id) => rig.addressOf(id))).toEqual([
      ...['198.51.100.1', '198.51.100.2', '198.51.100.9', '203.0.113.1'],
    ]);
  });

  it('keeps an address that was given back from others for a while, and not from who gave it back', async () => {
    await rig.tell(
      pool('198.51.100.0/30'),
      server('s1', 11, 'c1'),
      server('s2', 12, 'c2'),
      server('s3', 13, 'c1'),
      buys('s1'),
    );
    await rig.served();
    await rig.tell(
      ipv4AddOnCancelled('s1', { addOnId: 'ip-1' }, rig.minute),
      buys('s2', rig.minute),
      buys('s2', rig.minute, 'ip-2'),
    );
    await rig.served();
    // The second address is taken, the first one cools down.
    expect([rig.addressOf('s2'), rig.addressOf('s2', 'ip-2')]).toEqual(['198.51.100.2', undefined]);
    expect(rig.allocator.pools()).toMatchObject([{ taken: 1, cooling: 1, free: 0, keptBack: 2 }]);
    // Another server of the same customer is served at once, although the order of the other customer is older.
    await rig.tell(buys('s3', rig.minute));
    await until(() => rig.addressOf('s3') === '198.51.100.1');
    await rig.tell(ipv4AddOnCancelled('s3', { addOnId: 'ip-1' }, rig.minute + 1));
    // And the very server, under another add-on.
    await rig.tell(buys('s1', rig.minute + 1, 'again'));
    await until(() => rig.addressOf('s1', 'again') === '198.51.100.1');
    await rig.tell(ipv4AddOnCancelled('s1', { addOnId: 'again' }, rig.minute + 1));
    rig.minute += coolDownMinutes + 1;
    await rig.tell(server('s9', 19));
    await until(() => rig.addressOf('s2', 'ip-2') === '198.51.100.1');
    expect((await rig.decisions()).map(({ data }) => (data as { address: string }).address)).toEqual([
      ...['198.51.100.1', '198.51.100.2', '198.51.100.1', '198.51.100.1', '198.51.100.1'],
    ]);
  });

  it('allocates another address where billing sold the one it chose to somebody who stands earlier in the log', async () => {
    await rig.tell(pool('198.51.100.0/29'), server('s1', 11), server('s2', 12));
    await rig.served();
    await rig.close();
    // Decided by an allocator that did not know of the sale yet.
    rig = await AllocatorRig.open(path, (store) => ({
      readStream: store.readStream.bind(store),
      append: async (request) => {
        if (!isSold) {
          isSold = true;
          await rig.tell(ipv4AddOnBought('s2', { addOnId: 'x', address: '198.51.100.1' }, 10));
        }
        return store.append(request);
      },
    }));
    let isSold = false;
    await rig.tell(buys('s1'));
    await until(() => rig.addressOf('s1') === '198.51.100.2');
    expect(rig.addressOf('s2', 'x')).toBe('198.51.100.1');
    const [lost, kept, ...more] = await rig.decisions();
    expect(more).toEqual([]);
    expect(lost?.data).toMatchObject({ address: '198.51.100.1' });
    expect(kept?.metadata.causedBy).toEqual([lost?.metadata.causedBy?.[0], lost?.id]);
    expect(rig.allocator.waiting()).toEqual([]);
  });

  it('gives two add-ons of one server two addresses, also where one is bought again whose address the other has by now', async () => {
    await rig.tell(pool('198.51.100.0/29'), server('s1', 11), buys('s1'));
    await rig.served();
    await rig.tell(ipv4AddOnCancelled('s1', { addOnId: 'ip-1' }, 20), buys('s1', 21, 'ip-2'));
    await rig.served();
    expect(rig.addressOf('s1', 'ip-2')).toBe('198.51.100.1');
    await rig.tell(buys('s1', 22));
    await rig.served();
    expect([rig.addressOf('s1'), rig.addressOf('s1', 'ip-2')]).toEqual(['198.51.100.2', '198.51.100.1']);
    expect(await rig.decisions()).toHaveLength(3);
  });

  it('lets orders wait in the order of the log while no address is free, tells somebody once, and serves them then', async () => {
    await rig.tell(pool('198.51.100.4/31'), ...[1, 2, 3, 4].map((n) => server(`s${n}`, 10 + n)));
    await rig.tell(...[buys('s1'), buys('s2'), buys('s4', 40), buys('s3', 30)]);
    await rig.served();
    expect([rig.addressOf('s1'), rig.addressOf('s2')]).toEqual(['198.51.100.4', '198.51.100.5']);
    expect(rig.allocator.waiting()).toMatchObject([
      { serverId: 's4', addOnId: 'ip-1', reason: 'no address is free in the pools for IPv4 add-ons at site default' },
      { serverId: 's3' },
    ]);
    await until(() => rig.alerts.has('default'));
    expect(rig.alerts.get('default')).toContain('ip-1 of s4 and 1 more wait');
    await rig.tell(pool('198.51.100.8/32', { poolId: 'v4-b' }, 50));
    await until(() => rig.addressOf('s4') === '198.51.100.8');
    expect(rig.addressOf('s3')).toBeUndefined();
    await rig.tell(pool('198.51.100.9/32', { poolId: 'v4-c' }, 51));
    await until(() => rig.addressOf('s3') === '198.51.100.9');
    await until(() => rig.alerts.size === 0);
    expect(rig.told).toEqual(['ipv4-pool-empty default']);
  });

  it('takes nothing from a retired pool, and leaves to servers what they had of it', async () => {
    await rig.tell(pool('198.51.100.0/29'), server('s1', 11), server('s2', 12), buys('s1'));
    await rig.served();
    await rig.tell(addressPoolRetired('v4-a', 20), buys('s2', 21));
    await rig.served();
    expect([rig.addressOf('s1'), rig.addressOf('s2')]).toEqual(['198.51.100.1', undefined]);
    expect(rig.allocator.waiting()).toMatchObject([{ reason: 'there is no pool for IPv4 add-ons at site default' }]);
  });

  it('decides nothing anew after a restart, nor when two are at work', async () => {
    await rig.tell(pool('198.51.100.0/28'), ...[1, 2, 3].map((n) => server(`s${n}`, 10 + n)), buys('s1'));
    await rig.served();
    await rig.close();
    rig = await AllocatorRig.open(path);
    const second = rig.another();
    second.start();
    await rig.tell(buys('s2'), buys('s3'), buys('s3', 11, 'ip-2'));
    await rig.served();
    await until(() => ['s1', 's2', 's3'].every((id) => rig.addressOf(id) !== undefined));
    await second.close();
    const addresses = [rig.addressOf('s1'), rig.addressOf('s2'), rig.addressOf('s3'), rig.addressOf('s3', 'ip-2')];
    expect(new Set(addresses)).toEqual(new Set([1, 2, 3, 4].map((n) => `198.51.100.${n}`)));
  });

  it('serves no server that was removed, and one that went to another customer as before', async () => {
    await rig.tell(pool('198.51.100.0/29'), server('s1', 11), server('s2', 12), buys('s1'), buys('s2'));
    await rig.served();
    await rig.tell(serverTransferred('s1', { customerId: 'c9' }, 20), serverRemoved('s2', {}, 20), buys('s2', 19));
    await rig.served();
    expect([rig.addressOf('s1'), rig.addressOf('s2')]).toEqual(['198.51.100.1', undefined]);
    expect(await rig.decisions()).toHaveLength(2);
  });

  it('says when a pool will be empty if it goes on as in the last 30 days', async () => {
    const day = 1440;
    rig.minute = 40 * day;
    const long = [1, 2, 3].map((n) => server(`s${n}`, 10 + n));
    await rig.tell(
      pool('198.51.100.0/27'),
      ...long,
      buys('s1', 1),
      ipv4AddOnBought('s2', { addOnId: 'old', address: '198.51.100.20' }, 3),
    );
    await rig.served();
    // The old sale is older than 30 days; the one made now, and two more, are not; one of these is given back again.
    await rig.tell(buys('s2', 20 * day), buys('s3', 20 * day));
    await rig.served();
    await rig.tell(ipv4AddOnCancelled('s3', { addOnId: 'ip-1' }, 40 * day));
    await until(() => rig.allocator.pools()?.[0]?.taken === 3);
    const [figures] = rig.allocator.pools() ?? [];
    expect(figures).toMatchObject({ size: 32, keptBack: 2, taken: 3, cooling: 1, free: 26, netUsePerDay: 2 / 30 });
    expect(figures?.emptyAt).toBe(Date.parse(instantOf(40 * day)) + (26 / (2 / 30)) * day * 60_000);
  });
});
