import type { GuardKind } from '../../src/drivers/guard/guard.port.js';
import {
  arp,
  bytesOfIpv6,
  bytesOfMac,
  ethernet,
  icmpv6Message,
  ipv4Packet,
  ipv6Packet,
  neighbourAdvertisement,
  neighbourSolicitation,
  routerAdvertisement,
  udp,
} from './frames.js';

/** A server as the guard sees it, and the gateway it hangs on. */
export interface GuardedServer {
  readonly mac: string;
  readonly linkLocal: string;
  readonly ipv4: string;
  /** Such as `2001:db8:16::`, a /48. */
  readonly prefix: string;
}

export const gateway = { mac: '52:54:00:ff:00:01', ipv4: '198.51.100.1', ipv6: 'fe80::1' };
const broadcast = 'ff:ff:ff:ff:ff:ff';
/** Random, as RFC 7217 makes them. */
const randomLinkLocal = 'fe80::6c1d:93ff:a0b2:77e4';
const stranger = '02:00:00:00:00:99';
const upstream = '2001:db8:ff:1::2';

const groupMac = (group: string): string => `33:33:00:00:00:${group}`;
const hopByHop = '3a00050200000100'; // next header ICMPv6, router alert for MLD (RFC 2711), PadN

/** What a Linux server sends in the ordinary course of things; the guard has nothing against any of it. */
export function allowedFrames(server: GuardedServer): Readonly<Record<string, string>> {
  const { mac, linkLocal, ipv4, prefix } = server;
  const temporary = `${prefix}d8b1:3cff:fe77:9a02`;
  const over6 = (from: string, to: string, toMac: string, next: number, payload: string): string =>
    ethernet(toMac, mac, 0x86dd, ipv6Packet(next, from, to, payload));
  const icmp = (type: number, from: string, to: string, toMac: string, rest: string): string =>
    over6(from, to, toMac, 58, icmpv6Message(type, from, to, rest));
  const mld = (from: string): string => {
    const report = `00000001${'04000000'}${bytesOfIpv6('ff02::1:ff77:9a02')}`;
    const payload = `${hopByHop}${icmpv6Message(143, from, 'ff02::16', report)}`;
    return over6(from, 'ff02::16', groupMac('16'), 0, payload);
  };
  const ns = (source: string, target: string): string => neighbourSolicitation({ etherSource: mac, source, target });
  const na = (target: string): string => neighbourAdvertisement({ etherSource: mac, source: target, target });
  const over4 = (protocol: number, from: string, to: string, payload: string): string =>
    ethernet(gateway.mac, mac, 0x0800, ipv4Packet(protocol, from, to, payload));
  return {
    'ARP for the gateway': arp({ operation: 1, etherSource: mac, senderIp: ipv4, targetIp: gateway.ipv4 }),
    'ARP probe (RFC 5227)': arp({ operation: 1, etherSource: mac, senderIp: '0.0.0.0', targetIp: ipv4 }),
    'ARP announcement': arp({ operation: 1, etherSource: mac, senderIp: ipv4, targetIp: ipv4 }),
    'ARP answer': arp({
      operation: 2,
      etherSource: mac,
      etherTarget: gateway.mac,
      senderIp: ipv4,
      targetIp: gateway.ipv4,
    }),
    'IPv4 from its address': over4(17, ipv4, '192.0.2.9', udp(40000, 53)),
    'a DHCPv4 discover': over4(17, '0.0.0.0', '255.255.255.255', udp(68, 67, '01010600')),
    'a DHCPv4 renewal': over4(17, ipv4, gateway.ipv4, udp(68, 67, '01010600')),
    'an IGMP report without an address': over4(2, '0.0.0.0', '224.0.0.22', '2200f9fc00000001'),
    'duplicate address detection': ns('::', linkLocal),
    'duplicate address detection of a temporary address': ns('::', temporary),
    'NS from its link-local': ns(linkLocal, gateway.ipv6),
    'NS from a random link-local': ns(randomLinkLocal, gateway.ipv6),
    'NS from its address': ns(`${prefix}1`, gateway.ipv6),
    'NS from a temporary address': ns(temporary, gateway.ipv6),
    'NA of its link-local': na(linkLocal),
    'NA of a random link-local': na(randomLinkLocal),
    'NA of a temporary address': na(temporary),
    'RS without an address': icmp(133, '::', 'ff02::2', groupMac('02'), '00000000'),
    'RS from a random link-local': icmp(
      133,
      randomLinkLocal,
      'ff02::2',
      groupMac('02'),
      `000000000101${bytesOfMac(mac)}`,
    ),
    'MLDv2 without an address': mld('::'),
    'MLDv2 from a random link-local': mld(randomLinkLocal),
    MLDv1: icmp(131, randomLinkLocal, 'ff02::fb', groupMac('fb'), `00000000${bytesOfIpv6('ff02::fb')}`),
    'a DHCPv6 solicit': over6(randomLinkLocal, 'ff02::1:2', '33:33:00:01:00:02', 17, udp(546, 547, '01abcdef')),
    'multicast DNS': over6(randomLinkLocal, 'ff02::fb', groupMac('fb'), 17, udp(5353, 5353)),
    'IPv6 from its prefix': over6(`${prefix}1`, upstream, gateway.mac, 17, udp(40000, 53)),
    'IPv6 from a temporary address': over6(temporary, upstream, gateway.mac, 6, '0'.repeat(40)),
    'IPv6 from the far end of its prefix': over6(
      prefix.replace('::', ':ffff:ffff:ffff:ffff:ffff'),
      upstream,
      gateway.mac,
      17,
      udp(9, 9),
    ),
    'an echo request to the gateway': icmp(128, randomLinkLocal, gateway.ipv6, gateway.mac, '00010001'),
    LLDP: ethernet('01:80:c2:00:00:0e', mac, 0x88cc, '0207040'.padEnd(60, '0')),
    'LLDP of the network card itself': ethernet('01:80:c2:00:00:0e', stranger, 0x88cc, '0'.repeat(60)),
    'LACP of a member of a bond': ethernet('01:80:c2:00:00:02', stranger, 0x8809, '0101'.padEnd(220, '0')),
    EAPOL: ethernet('01:80:c2:00:00:03', mac, 0x888e, '01010000'),
    'a priority-tagged frame': priorityTagged(over4(17, ipv4, '192.0.2.9', udp(40000, 53))),
  };
}

/** What no server may send, under the name it is counted by. */
export function forbiddenFrames(
  server: GuardedServer,
): readonly (readonly [what: string, kind: GuardKind, frame: string])[] {
  const { mac, linkLocal, ipv4, prefix } = server;
  const over6 = (from: string, next: number, payload: string, source = mac): string =>
    ethernet(gateway.mac, source, 0x86dd, ipv6Packet(next, from, upstream, payload));
  const over4 = (from: string, source = mac): string =>
    ethernet(gateway.mac, source, 0x0800, ipv4Packet(17, from, '192.0.2.9', udp(40000, 53)));
  const ask = (senderIp: string, senderMac = mac): string =>
    arp({ operation: 1, etherSource: mac, senderMac, senderIp, targetIp: gateway.ipv4 });
  const redirect = icmpv6Message(
    137,
    linkLocal,
    'ff02::1',
    `00000000${bytesOfIpv6(linkLocal)}${bytesOfIpv6('2001:db8::9')}`,
  );
  const hiddenRa = `3a00010400000000${icmpv6Message(134, linkLocal, upstream, '400007080000000000000000')}`;
  return [
    ['a frame from a MAC that is not bound', 'foreign-mac', over4(ipv4, stranger)],
    ['a frame from the gateway’s MAC', 'gateway-mac', over4(ipv4, gateway.mac)],
    ['ARP that says it is the gateway', 'arp-gateway', ask(gateway.ipv4)],
    [
      'an ARP answer that says it is the gateway',
      'arp-gateway',
      arp({ operation: 2, etherSource: mac, senderIp: gateway.ipv4, targetIp: '198.51.100.11' }),
    ],
    ['ARP with the MAC of somebody else inside', 'arp-mac', ask(ipv4, stranger)],
    ['ARP of another customer’s address', 'arp-sender', ask('198.51.100.11')],
    ['ARP "tell 172.17.0.1", as docker0 leaks it', 'arp-private', ask('172.17.0.1')],
    ['RA', 'router-advertisement', routerAdvertisement({ etherSource: mac, source: linkLocal })],
    [
      'RA that says it is the gateway',
      'router-advertisement',
      routerAdvertisement({ etherSource: mac, source: gateway.ipv6 }),
    ],
    ['RA behind a destination option', 'router-advertisement', over6(linkLocal, 60, hiddenRa)],
    [
      'a redirect',
      'redirect',
      ethernet('33:33:00:00:00:01', mac, 0x86dd, ipv6Packet(58, linkLocal, 'ff02::1', redirect)),
    ],
    [
      'NA for the gateway from its own link-local',
      'na-gateway',
      neighbourAdvertisement({ etherSource: mac, source: linkLocal, target: gateway.ipv6 }),
    ],
    [
      'NA for the gateway from its prefix',
      'na-gateway',
      neighbourAdvertisement({ etherSource: mac, source: `${prefix}1`, target: gateway.ipv6 }),
    ],
    [
      'NA for the gateway from nowhere it owns',
      'na-gateway',
      neighbourAdvertisement({ etherSource: mac, source: '2001:db8:99::1', target: gateway.ipv6 }),
    ],
    [
      'NS from the gateway’s link-local',
      'gateway-source',
      neighbourSolicitation({ etherSource: mac, source: gateway.ipv6, target: linkLocal }),
    ],
    ['IPv4 from the gateway’s address', 'gateway-source', over4(gateway.ipv4)],
    ['IPv4 from another customer’s address', 'foreign-source', over4('198.51.100.11')],
    ['IPv4 from the Internet', 'foreign-source', over4('203.0.113.7')],
    ['IPv4 from a private address', 'private-source', over4('172.17.0.2')],
    ['IPv6 from another customer’s prefix', 'foreign-source', over6('2001:db8:11::1', 17, udp(9, 9))],
    ['IPv6 from the prefix beside its own', 'foreign-source', over6('2001:db8:17::1', 17, udp(9, 9))],
    ['IPv6 from a link-local outside fe80::/64', 'foreign-source', over6('fe80:0:0:1::9', 17, udp(9, 9))],
    ['IPv6 from no address that is no DAD, RS or MLD', 'foreign-source', over6('::', 17, udp(9, 9))],
    [
      'NS of another customer’s address',
      'foreign-source',
      neighbourSolicitation({ etherSource: mac, source: '2001:db8:11::1', target: gateway.ipv6 }),
    ],
    ['IPv6 from a unique local address', 'private-source', over6('fd00::1', 17, udp(9, 9))],
    ['a bridge protocol frame', 'other-protocol', ethernet('01:80:c2:00:00:00', mac, 38, '424203000000000080')],
    ['a protocol nobody sold', 'other-protocol', ethernet(broadcast, mac, 0x8035, '0001080006040003')],
    ['a frame with two tags', 'other-protocol', tagged(tagged(over4(ipv4), 7), 7)],
    ['a spoofed source behind a tag', 'foreign-source', tagged(over4('203.0.113.7'), 0)],
  ];
}

function tagged(frame: string, vlan: number): string {
  return `${frame.slice(0, 24)}8100${vlan.toString(16).padStart(4, '0')}${frame.slice(24)}`;
}

function priorityTagged(frame: string): string {
  return tagged(frame, 0x6000);
}
