import fc from '../support/property.js';
import type { Ipv4Address, Ipv6Address, Ipv6Prefix } from '../../events/index.js';
import type { Community, Route } from '../../src/drivers/bgp/bgp.port.js';
import {
  destinationOf,
  entryKey,
  entryOfRoute,
  isSameRoute,
  placeOfRoute,
  routeLine,
  targetOf,
} from '../../src/reactors/lines.js';

const shared = {
  interface: fc.constantFrom('vlan1', 'vlan2'),
  med: fc.constantFrom(0, 7),
  communities: fc.array(fc.constantFrom<Community>([64512, 1], [64512, 2], [64512, 1, 2]), { maxLength: 3 }),
};
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.record({
    family: fc.constant('ipv6' as const),
    prefix: fc.constantFrom('2001:db8:1::/48' as Ipv6Prefix, '2001:db8:2::/48' as Ipv6Prefix),
    nextHop: fc.constantFrom('fe80::1' as Ipv6Address, 'fe80::2' as Ipv6Address),
    ...shared,
  }),
  fc.record({
    family: fc.constant('ipv4' as const),
    address: fc.constantFrom('192.0.2.1' as Ipv4Address, '192.0.2.2' as Ipv4Address),
    ...shared,
  }),
);

describe('the lines of a device', () => {
  it('tell routes apart as quickly compared routes are told apart', () => {
    fc.assert(
      fc.property(route, route, (one, other) => {
        expect(isSameRoute(one, other)).toBe(routeLine(one) === routeLine(other));
        expect(targetOf(one) === targetOf(other)).toBe(destinationOf(one) === destinationOf(other));
        expect(entryKey(placeOfRoute(one))).toBe(entryOfRoute(one));
      }),
    );
  });
});
