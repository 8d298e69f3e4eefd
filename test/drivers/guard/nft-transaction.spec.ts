import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress } from '../../../events/index.js';
import type { PortGuard } from '../../../src/drivers/guard/guard.port.js';
import { elementsOf } from '../../../src/drivers/guard/nft-elements.js';
import { ruleText } from '../../../src/drivers/guard/nft-rule-text.js';
import { sharedRules } from '../../../src/drivers/guard/nft-rules.js';
import { hooksOf, type NftTable, tableOf } from '../../../src/drivers/guard/nft-tables.js';
import { transactionOf } from '../../../src/drivers/guard/nft-transaction.js';
import { rateBudget } from '../../../src/drivers/guard/rate-budget.js';

const shared = sharedRules({ arp: rateBudget(1024, 4), nd: rateBudget(1024, 4) });
const port: PortGuard = {
  interface: 'vlan16',
  mode: 'drop',
  closed: false,
  macs: ['52:54:00:00:00:16' as MacAddress],
  ipv4: ['198.51.100.16' as Ipv4Address],
  prefixes: ['2001:db8:16::/48' as Ipv6Prefix],
  gatewayMacs: [],
  gatewayIpv4: [],
  gatewayIpv6: ['fe80::1' as Ipv6Address],
};
const holding = (...ports: PortGuard[]): NftTable => ({
  ports: new Map(ports.map((one) => [one.interface, { ...one, attached: true }])),
  counts: new Map(),
  intact: true,
});
const wanting = (...ports: PortGuard[]) => new Map(ports.map((one) => [one.interface, { ...one, attached: true }]));
const lines = (text: string) => text.trim().split('\n');

describe('a change of the guard', () => {
  it('is nothing where nothing differs', () => expect(transactionOf(holding(port), wanting(port), shared)).toBe(''));

  it('is the elements that differ, taken away before others are added', () => {
    const other = { ...port, macs: ['52:54:00:00:00:99' as MacAddress], mode: 'count' as const };
    expect(lines(transactionOf(holding(port), wanting(other), shared))).toEqual([
      'delete element netdev portledger_guard bound_mac { "vlan16" . 52:54:00:00:00:16 }',
      'delete element netdev portledger_guard dropping { "vlan16" }',
      'add element netdev portledger_guard bound_mac { "vlan16" . 52:54:00:00:00:99 }',
    ]);
  });

  it('hooks a new port in, and takes the chain of one that is gone', () => {
    expect(lines(transactionOf(holding(), wanting(port), shared)).slice(-3)).toEqual([
      'add chain netdev portledger_guard in_vlan16 { type filter hook ingress device "vlan16" priority -500; policy accept; }',
      'flush chain netdev portledger_guard in_vlan16',
      'add rule netdev portledger_guard in_vlan16 counter jump guard',
    ]);
    expect(lines(transactionOf(holding(port), wanting(), shared)).at(-1)).toBe(
      'delete chain netdev portledger_guard in_vlan16',
    );
  });

  it('makes the whole table anew where it is not ours any more, and only then', () => {
    const text = transactionOf({ ...holding(port), intact: false }, wanting(port), shared);
    expect(lines(text)[0]).toBe('delete table netdev portledger_guard');
    expect(text).toContain('add rule netdev portledger_guard over_ipv6 icmpv6 type nd-router-advert goto not_router');
    expect(lines(transactionOf(undefined, wanting(port), shared))[0]).toBe('add table netdev portledger_guard');
  });

  it('names no table but its own', () => {
    for (const line of lines(transactionOf(undefined, wanting(port), shared)))
      expect(line).toMatch(/^(add|delete|flush) (table|set|chain|rule|element) netdev portledger_guard/);
  });

  it('guards the address of the gateway as a source and as a target', () =>
    expect(elementsOf(port).filter(({ set }) => set.startsWith('gateway_'))).toEqual([
      { set: 'gateway_ip6', text: '"vlan16" . fe80::1' },
      { set: 'gateway_target', text: '"vlan16" . 0xfe800000000000000000000000000001' },
    ]));
});

describe('what nft says of the table', () => {
  it.each<[string, unknown]>([
    ['a verdict of its own', [{ queue: null }]],
    ['a match nobody wrote', [{ match: { op: '==', left: { ct: { key: 'state' } }, right: 1 } }]],
    ['no list at all', 'accept'],
    ['two statements in one', [{ accept: null, drop: null }]],
  ])('is no rule of ours where it is %s', (_what, json) => expect(ruleText(json)).toBeUndefined());

  it('tells the interface of each chain, of our table only', () => {
    const text = [
      'table netdev somebody {',
      '\tchain in_vlan11 {',
      '\t\ttype filter hook ingress device "vlan11" priority -500; policy accept;',
      '\t}',
      '}',
      'table netdev portledger_guard {',
      '\tchain guard {',
      '\t}',
      '\tchain in_vlan16 {',
      '\t\ttype filter hook ingress device "vlan16" priority -500; policy accept;',
      '\t}',
      '\tchain in_vlan21 {',
      '\t\ttype filter hook ingress device "vlan21" priority 0; policy accept;',
      '\t}',
      '}',
    ].join('\n');
    expect([...hooksOf(text)]).toEqual([['in_vlan16', 'vlan16']]);
  });

  it('is an error, never an empty table, where it is something else', () => {
    expect(() => tableOf('{"nftables": 1}', new Map(), shared)).toThrow(TypeError);
    expect(() => tableOf('', new Map(), shared)).toThrow(SyntaxError);
    expect(tableOf('{"nftables": []}', new Map(), shared).intact).toBe(false);
  });
});
