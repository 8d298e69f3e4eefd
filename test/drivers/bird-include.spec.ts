import fc from '../support/property.js';
import { formatIpv6, type Ipv4Address, type Ipv6Prefix, parseIpv6Prefix } from '../../events/index.js';
import type { Community, Route } from '../../src/drivers/bgp/bgp.port.js';
import { ForeignLine, parseInclude, renderRoutes, routeFault } from '../../src/drivers/bgp/bird-include.js';
import { stampLine } from '../../src/drivers/stamp-line.js';

const word = fc.nat(0xffffffff);
const med = fc.nat(0xffffffff);
const interfaceName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/);
const communities = fc.array(fc.oneof(fc.tuple(fc.nat(0xffff), fc.nat(0xffff)), fc.tuple(word, word, word)), {
  maxLength: 4,
});
const v6: fc.Arbitrary<Route> = fc.record({
  family: fc.constant('ipv6' as const),
  prefix: word.map((low) => parseIpv6Prefix(`${formatIpv6([0x20010db8, low, 0, 0])}/64`) as Ipv6Prefix),
  nextHop: fc.tuple(word, word).map(([high, low]) => formatIpv6([0xfe800000, 0, high, low])),
  interface: interfaceName,
  med,
  communities,
});
const v4: fc.Arbitrary<Route> = fc.record({
  family: fc.constant('ipv4' as const),
  address: fc.ipV4() as fc.Arbitrary<Ipv4Address>,
  interface: interfaceName,
  med,
  communities,
});
const stamp = { logId: '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11', ordinal: 12 };

const v6Text = 'route 2001:db8:16::/48 via fe80::16%vlan16 { bgp_med = 0;';

describe('an include file', () => {
  it.each([
    ['ipv6', v6],
    ['ipv4', v4],
  ] as const)('reads back every %s route it was written from', (family, arbitrary) => {
    fc.assert(
      fc.property(fc.uniqueArray(arbitrary, { selector: (route) => JSON.stringify(route) }), (routes) => {
        const file = parseInclude(stampLine(stamp, false) + renderRoutes(routes), family);
        const spelt = (list: readonly Route[]): string[] => list.map((route) => renderRoutes([route])).sort();
        expect(spelt(file.routes)).toEqual(spelt(routes));
        expect(file.stamp).toEqual(stamp);
        expect(file.pending).toBe(false);
      }),
    );
  });

  it('has one text for one set of routes, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(v6), (routes) => {
        expect(renderRoutes([...routes].reverse())).toBe(renderRoutes(routes));
      }),
    );
  });

  it('is written one line a route, as BIRD reads it', () => {
    const route = { family: 'ipv6', prefix: '2001:db8:16::/48', nextHop: 'fe80::5054:ff:fe00:16', med: 0 } as const;
    expect(renderRoutes([{ ...route, interface: 'vlan16' } as Route])).toBe(
      'route 2001:db8:16::/48 via fe80::5054:ff:fe00:16%vlan16 { bgp_med = 0; };\n',
    );
    expect(renderRoutes([{ ...route, interface: 'eth0.16' } as Route])).toContain("%'eth0.16' ");
    const host = { family: 'ipv4', address: '198.51.100.16', interface: 'vlan16', med: 5 } as Route;
    expect(renderRoutes([host])).toBe('route 198.51.100.16/32 via "vlan16" { bgp_med = 5; };\n');
    const tagged = { ...host, communities: [[64512, 1, 2] as const, [64512, 100] as const, [64512, 100] as const] };
    expect(renderRoutes([tagged])).toBe(
      'route 198.51.100.16/32 via "vlan16" { bgp_med = 5; bgp_community.add((64512,100)); bgp_large_community.add((64512,1,2)); };\n',
    );
    expect(stampLine(stamp, false)).toBe('# portledger log=3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11 ordinal=12\n');
  });

  it.each([
    ['a comment below the first line', '# portledger log=a ordinal=1\n# hello\n', 2],
    ['a comment that is not ours', '# hello\n', 1],
    ['another next hop type', 'route 2001:db8::/48 blackhole;\n', 1],
    ['an IPv4 route among IPv6 ones', '\nroute 198.51.100.16/32 via "vlan16" { bgp_med = 0; };\n', 2],
    ['a next hop without an interface', 'route 2001:db8:16::/48 via fe80::16 { bgp_med = 0; };\n', 1],
    ['a MED out of range', 'route 2001:db8:16::/48 via fe80::16%vlan16 { bgp_med = 4294967296; };\n', 1],
    ['a community out of range', `${v6Text} bgp_community.add((65536,1)); };\n`, 1],
    ['communities in another order', `${v6Text} bgp_large_community.add((1,2,3)); bgp_community.add((1,2)); };\n`, 1],
    ['another attribute', `${v6Text} bgp_local_pref=(5); };\n`, 1],
    ['an ordinal below -1', '# portledger log=a ordinal=-2\n', 1],
  ])('with %s is not ours, and the line is named', (_what, text, line) => {
    expect(() => parseInclude(text, 'ipv6')).toThrow(ForeignLine);
    expect(() => parseInclude(text, 'ipv6')).toThrow(`line ${line}:`);
  });

  it('without a header carries no stamp', () => {
    expect(parseInclude('', 'ipv4')).toEqual({ routes: [], stamp: undefined, pending: false });
  });
});

describe('a route', () => {
  const good = { family: 'ipv4', address: '198.51.100.16' as Ipv4Address, interface: 'vlan16', med: 0 } as const;

  it('with all values in range has no fault', () => {
    expect(routeFault(good)).toBeUndefined();
  });

  it.each([
    { ...good, med: 1.5 },
    { ...good, communities: [[65_536, 1]] as Community[] },
    { ...good, communities: [[1, 2, 2 ** 32]] as Community[] },
    { ...good, communities: [[1]] as unknown as Community[] },
    { ...good, med: 2 ** 32 },
    { ...good, interface: 'vlan16"; } protocol x {' },
    { ...good, interface: '' },
    { ...good, address: '198.51.100.016' as Ipv4Address },
  ])('with %j is refused', (route) => {
    expect(routeFault(route)).toBeDefined();
  });
});
