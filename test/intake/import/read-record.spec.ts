import fc from '../../support/property.js';
import { checkEvent } from '../../../src/intake/check-event.js';
import { eventOf } from '../../../src/intake/import/billing-fact.js';
import { factsOf } from '../../../src/intake/import/record-facts.js';
import { hostilePieces } from '../../drivers/hostile-strings.js';
import { now, readObject, since } from './rows-of.js';

const good = { server: 's1', customer: 'c1', port: 'leaf1:Ethernet1', vlan: 11 };
const source = 'urn:test';
const caller = { callerId: 'test', scopes: ['publisher'], source };

describe('a row', () => {
  it('is one server in canonical spelling, with all it was sold', async () => {
    const row = {
      server_id: 's1',
      Customer: 'c1',
      switch: 'leaf1',
      interface: 'Ethernet1',
      vlan: '11',
      MAC: '5254.00AA.0001',
      'link-local': 'FE80::1',
      prefixes: '2001:DB8:1::/48; 2001:db8:2:0::/48 2001:db8:1::/48',
      ipv4: '198.51.100.1 ip-7=198.51.100.2;ip-8=',
      since: '2026-02-01T01:00:00+01:00',
    };
    expect(await readObject(row)).toEqual({
      serverId: 's1',
      customerId: 'c1',
      port: 'leaf1:Ethernet1',
      vlan: 11,
      mac: '52:54:00:aa:00:01',
      linkLocal: 'fe80::1',
      prefixes: ['2001:db8:1::/48', '2001:db8:2::/48'],
      addOns: [
        { id: undefined, address: '198.51.100.1' },
        { id: 'ip-7', address: '198.51.100.2' },
        { id: 'ip-8', address: undefined },
      ],
      since: Date.parse('2026-02-01T00:00:00Z'),
    });
  });

  it.each([
    ['port', { port: 'leaf1:Ethernet1' }],
    ['switch and port', { port: 'Ethernet1', switch: 'leaf1' }],
    ['switch and interface', { port: '', switch: 'leaf1', interface: 'Ethernet1' }],
  ])('names its place by %s', async (_, place) => {
    expect(await readObject({ ...good, ...place })).toMatchObject({ port: 'leaf1:Ethernet1' });
  });

  it('says nothing where a column is not there, and nothing sold where a cell is blank', async () => {
    expect(await readObject(good)).toMatchObject({ prefixes: undefined, addOns: undefined, mac: undefined });
    expect(await readObject({ ...good, prefixes: '', ipv4: [], mac: null })).toMatchObject({
      prefixes: [],
      addOns: [],
    });
  });

  it('may hold lists, and an id of digits as a number', async () => {
    const lists = { server: 17, prefixes: ['2001:db8::/48'], ipv4: ['a=198.51.100.1'] };
    expect(await readObject({ ...good, ...lists })).toMatchObject({
      serverId: '17',
      prefixes: ['2001:db8::/48'],
      addOns: [{ id: 'a', address: '198.51.100.1' }],
    });
  });

  it.each([
    ['server', { server: 'no blanks' }],
    ['server', { server: undefined }],
    ['customer', { customer: 'Jane Doe' }],
    ['port', { port: 'Ethernet1' }],
    ['port', { switch: 'Leaf1' }],
    ['vlan', { vlan: '0' }],
    ['vlan', { vlan: '11a' }],
    ['vlan', { vlan: 4095 }],
    ['mac', { mac: 'ff:ff:ff:ff:ff:ff' }],
    ['link-local', { 'link-local': '2001:db8::1' }],
    ['prefixes', { prefixes: '2001:db8::1/48' }],
    ['prefixes', { prefixes: '10.0.0.0/8' }],
    ['prefixes', { prefixes: [{ prefix: '2001:db8::/48' }] }],
    ['ipv4', { ipv4: '198.51.100.01' }],
    ['ipv4', { ipv4: '127.0.0.1' }],
    ['ipv4', { ipv4: '=198.51.100.1' }],
    ['ipv4', { ipv4: 'a=198.51.100.1 a=198.51.100.2' }],
    ['ipv4', { ipv4: '198.51.100.1 ip-198.51.100.1=198.51.100.2' }],
    ['ipv4', { ipv4: [7] }],
    ['since', { since: '2026-01-01' }],
    ['since', { since: 1767225600 }],
    ['since', { since: '2026-06-01T00:06:00Z' }],
  ])('is rejected for its %s: %j', async (column, change) => {
    const reasons = await readObject({ ...good, ...change });
    expect(reasons).toHaveLength(1);
    expect(reasons).toEqual([expect.stringMatching(new RegExp(`^${column}: .*(found|missing|twice)`))]);
  });

  it('is told everything that is wrong with it at once', async () => {
    const reasons = (await readObject({ ...good, vlan: 0, mac: 'x', ipv4: 'y', prefixes: 'z' })) as string[];
    expect(reasons.map((one) => one.split(':')[0])).toEqual(['vlan', 'mac', 'prefixes', 'ipv4']);
  });

  it('becomes only events that the engine accepts, whatever it holds', async () => {
    const text = fc.array(fc.constantFrom('s1', '11', ...hostilePieces), { maxLength: 3 }).map((all) => all.join(''));
    const value = fc.oneof(text, fc.jsonValue());
    const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: value });
    const likely = fc.record(
      {
        server: mostly(fc.constant('s1')),
        customer: mostly(fc.constant('c1')),
        port: mostly(fc.constant('leaf1:e1')),
        vlan: mostly(fc.integer({ min: 0, max: 4096 })),
        mac: mostly(fc.constant('52-54-00-00-00-01')),
        'link-local': mostly(fc.constant('fe80::1')),
        prefixes: mostly(fc.constant('2001:db8::/48;fd00::/8')),
        ipv4: mostly(fc.constant('a=198.51.100.1 b= 10.0.0.1')),
        since: mostly(fc.constant('2026-01-01T00:00:00Z')),
      },
      { requiredKeys: ['server', 'customer', 'port', 'vlan'] },
    );
    let read = 0;
    await fc.assert(
      fc.asyncProperty(likely, async (row) => {
        const record = await readObject(row);
        if (Array.isArray(record)) return expect(record.length).toBeGreaterThan(0);
        read++;
        for (const fact of factsOf(record, record.since ?? since))
          expect(checkEvent(eventOf(fact, source), caller, now)).toMatchObject({ refused: false });
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(200);
  });
});

describe('the id of an imported event', () => {
  const idsOf = async (row: object, time = since): Promise<string[]> => {
    const record = await readObject(row);
    if (Array.isArray(record)) throw new Error(record.join());
    return factsOf(record, time).map((fact) => eventOf(fact, source).id);
  };
  const full = { ...good, mac: '52:54:00:00:00:01', prefixes: '2001:db8::/48', ipv4: '198.51.100.1' };

  it('is the same for the same facts, however they are spelt', async () => {
    const respelt = { ...full, mac: '5254.0000.0001', prefixes: ['2001:DB8:0::/48'], vlan: '11' };
    expect(await idsOf(respelt)).toEqual(await idsOf(full));
  });

  it('is another for anything else that is said', async () => {
    const variants = [
      idsOf(full),
      idsOf(full, since + 1),
      idsOf({ ...full, server: 's2' }),
      idsOf({ ...full, customer: 'c2', prefixes: '2001:db8:1::/48', ipv4: '198.51.100.2' }),
    ];
    const ids = (await Promise.all(variants)).flat();
    expect(new Set(ids).size).toBe(ids.length);
  });
});
