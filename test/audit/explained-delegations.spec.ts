import { explain, type Explanation } from '../../src/audit/explain.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { subjectsOf } from '../../src/audit/subject.js';
import { MemoryLog, type Told } from './memory-log.js';

async function ask(facts: readonly Told[], text: string, at?: string): Promise<Explanation | undefined> {
  const read = subjectsOf(text);
  if ('problem' in read || read.value[0] === undefined) throw new Error(`bad test subject ${text}`);
  return explain(
    await KnownLog.open(MemoryLog.of(facts)),
    read.value[0],
    at === undefined ? undefined : Date.parse(at),
  );
}

const day = (number: number): string => `2026-01-0${number}T00:00:00Z`;
const said = (type: string, customerId: string, data: object, at: number): Told => ({
  ...{ type, data: { customerId, ...data }, time: day(at) },
});
const ordered = (customerId: string, orderId: string, at: number): Told =>
  said('CustomerPrefixOrdered', customerId, { orderId, site: 'ams' }, at);
const allocated = (customerId: string, orderId: string, prefix: string, at: number): Told =>
  said('CustomerPrefixAllocated', customerId, { orderId, prefix, site: 'ams', poolId: 'nets' }, at);
const delegated = (customerId: string, prefix: string, at: number): Told =>
  said('CustomerPrefixDelegated', customerId, { prefix }, at);

/** Of each customer: what it has, and what was said. */
const told = (found: Explanation | undefined): object[] =>
  (found?.delegations ?? []).map(({ customerId, prefixes, chain }) => ({
    customerId,
    prefixes,
    chain: chain.map(({ fact: { ordinal }, effect }) => `${ordinal} ${effect}`),
  }));

describe('explain, of what customers were delegated', () => {
  const facts = [
    ...[ordered('c1', 'net-1', 1), ordered('c1', 'net-2', 1), allocated('c1', 'net-1', '2001:db8:1::/48', 2)],
    ...[allocated('c1', 'net-2', '2001:db8:2::/48', 2), delegated('c2', '2001:db8:3::/48', 2)],
    said('CustomerPrefixOrderCancelled', 'c1', { orderId: 'net-1' }, 4),
  ];
  const given = { prefix: '2001:db8:1::/48', orderId: 'net-1', poolId: 'nets' };

  it.each(['2001:db8:1:5::7', '2001:db8:1:5::/64', '2001:db8:1::/48'])(
    'tells of %s whose it was, by which order and out of which pool, and nothing of other prefixes',
    async (subject) => {
      expect(told(await ask(facts, subject, day(3)))).toEqual([
        { customerId: 'c1', prefixes: [given], chain: ['0 applied', '2 applied'] },
      ]);
      // Since the order was cancelled nobody has it.
      expect(told(await ask(facts, subject))).toEqual([
        { customerId: 'c1', prefixes: [], chain: ['0 overtaken', '2 overtaken', '5 applied'] },
      ]);
    },
  );

  it('tells of a wider prefix everything in it, by customer, and of what billing named that it did', async () => {
    const found = await ask(facts, '2001:db8::/32', day(3));
    expect(told(found)).toMatchObject([
      { customerId: 'c1', prefixes: [given, { prefix: '2001:db8:2::/48', orderId: 'net-2', poolId: 'nets' }] },
      { customerId: 'c2', prefixes: [{ prefix: '2001:db8:3::/48' }], chain: ['4 applied'] },
    ]);
    expect(found?.delegations[1]?.prefixes[0]).not.toHaveProperty('orderId');
    expect(found?.holdings).toEqual([]);
  });

  it('names the customer whose delegation stands before it, also where that one has nothing of what was asked for', async () => {
    const nested = [delegated('c2', '2001:db8:1:8000::/52', 1), delegated('c1', '2001:db8:1::/48', 2)];
    expect(told(await ask(nested, '2001:db8:1::7'))).toEqual([
      { customerId: 'c1', prefixes: [{ prefix: '2001:db8:1::/48', heldBy: 'c2' }], chain: ['1 conflicted'] },
    ]);
    const withdrawn = said('CustomerPrefixWithdrawn', 'c2', { prefix: '2001:db8:1:8000::/52' }, 3);
    expect(told(await ask([...nested, withdrawn], '2001:db8:1::7'))).toEqual([
      { customerId: 'c1', prefixes: [{ prefix: '2001:db8:1::/48' }], chain: ['1 applied'] },
    ]);
  });

  it('says nothing of IPv4, of a server, or of what nobody was delegated', async () => {
    const server: Told = {
      type: 'ServerAdded',
      data: { serverId: 's', customerId: 'c1', port: 'leaf1:s', vlan: 11, mac: '52:54:00:00:00:11' },
      time: day(1),
    };
    expect(told(await ask([...facts, server], 'server:s'))).toEqual([]);
    expect(await ask([...facts, server], '2001:db8:9::1')).toBeUndefined();
  });
});
