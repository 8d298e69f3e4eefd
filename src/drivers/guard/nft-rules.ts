import { type GuardKind, guardKinds, type RateBudget } from './guard.port.js';
import { knownForSeconds } from './rate-budget.js';

/** The one table that is ours; no other is ever named in a command. */
export const table = 'netdev portledger_guard';
/** Before whatever else hooks in at ingress, so that nothing acts on a forged frame. */
export const priority = -500;

/** A set as it is declared: what its elements are made of. */
interface SetShape {
  readonly type: string;
  readonly flags?: string;
  readonly size?: number;
}

/** What each port is granted, all ports in one set: the interface is a part of every element. */
export const grantSets = {
  bound_mac: { type: 'type ifname . ether_addr' },
  sold_ip4: { type: 'type ifname . ipv4_addr' },
  sold_ip6: { type: 'type ifname . ipv6_addr', flags: 'interval' },
  gateway_mac: { type: 'type ifname . ether_addr' },
  gateway_ip4: { type: 'type ifname . ipv4_addr' },
  gateway_ip6: { type: 'type ifname . ipv6_addr' },
  // The target of a neighbour advertisement (RFC 4861 section 4.4), which nft 1.0 cannot name.
  gateway_target: { type: 'typeof iifname . @th,64,128' },
  closed: { type: 'type ifname' },
  dropping: { type: 'type ifname' },
} as const satisfies Record<string, SetShape>;
export type GrantSet = keyof typeof grantSets;

/** More interfaces than a device can have VLANs. */
const size = 65_535;

/** What the kernel itself fills in: counters by kind, and who passed the limits lately. */
export const ownSets: Readonly<Record<string, SetShape>> = {
  ...Object.fromEntries(guardKinds.map((kind) => [hitSet(kind), { type: 'type ifname', flags: 'dynamic', size }])),
  arp_ports: { type: 'type ifname', flags: 'dynamic', size },
  nd_ports: { type: 'type ifname', flags: 'dynamic', size },
  nd_known: { type: 'type ifname . ipv6_addr', flags: 'dynamic,timeout', size },
};

export function hitSet(kind: GuardKind): string {
  return `hits_${kind.replaceAll('-', '_')}`;
}

/** The base chain of an interface; it exists where the interface is guarded. */
export function portChain(interfaceName: string): string {
  return `in_${interfaceName}`;
}

/** The interface of a base chain; undefined for any other chain. */
export function interfaceOfChain(chain: string): string | undefined {
  return chain.startsWith('in_') ? chain.slice(3) : undefined;
}

/** What a base chain holds: a count of all that comes in, and the rules that all ports share. */
export const portRules: readonly string[] = ['counter jump guard'];

/** LACP and its kin (IEEE 802.3 annex 57A), EAPOL (802.1X), LLDP (802.1AB): none is forwarded, none makes a neighbour. */
const linkControl = '{ 34825, 34958, 35020 }';
/** MLD (RFC 2710): how a host says which groups it listens to. */
const mld = 'mld-listener-report, mld-listener-done';
/** RFC 1918, RFC 6598, RFC 3927: what a server's inner bridges leak, such as "tell 172.17.0.1" of docker0. */
const privateIpv4 = '{ 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 }';

/**
 * The rules that all ports share, chain by chain, in the spelling of `nft -p list`: without the conditions that another
 * one implies. What is not let in goes to the chain of its kind and no further.
 */
export function sharedRules({ arp, nd }: { readonly arp: RateBudget; readonly nd: RateBudget }): Map<string, string[]> {
  const to = (kind: GuardKind): string => `goto ${hitChain(kind)}`;
  const over = ({ rate, burst }: RateBudget['together']): string =>
    `limit rate over ${rate}/second burst ${burst} packets`;
  const rules: [string, string[]][] = [
    [
      'guard',
      [
        'iifname . ether saddr != @bound_mac goto unbound',
        'meta protocol ip6 goto over_ipv6',
        'meta protocol ip goto over_ipv4',
        'meta protocol arp goto over_arp',
        `meta protocol ${linkControl} accept`,
        to('other-protocol'),
      ],
    ],
    [
      'unbound',
      [
        `iifname @closed ${to('closed')}`,
        // A network card, or a member of a bond, speaks for itself here and not for the server.
        `meta protocol ${linkControl} accept`,
        `iifname . ether saddr @gateway_mac ${to('gateway-mac')}`,
        to('foreign-mac'),
      ],
    ],
    [
      'over_arp',
      [
        `iifname . arp saddr ether != @bound_mac ${to('arp-mac')}`,
        `iifname . arp saddr ip @gateway_ip4 ${to('arp-gateway')}`,
        'arp saddr ip 0.0.0.0 goto arp_allowed',
        'iifname . arp saddr ip @sold_ip4 goto arp_allowed',
        `arp saddr ip ${privateIpv4} ${to('arp-private')}`,
        to('arp-sender'),
      ],
    ],
    [
      // A question for the gateway makes it remember who asked.
      'arp_allowed',
      [
        'arp operation != request accept',
        'iifname . arp daddr ip != @gateway_ip4 accept',
        `add @arp_ports { iifname ${over(arp.perPort)} } ${to('arp-rate')}`,
        `${over(arp.together)} ${to('arp-rate')}`,
        'accept',
      ],
    ],
    [
      'over_ipv4',
      [
        'iifname . ip saddr @sold_ip4 accept',
        // Before it has an address a server asks for one (RFC 2131) and joins groups (RFC 3376 section 4.2.13).
        'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
        'ip saddr 0.0.0.0 ip protocol 2 accept',
        `iifname . ip saddr @gateway_ip4 ${to('gateway-source')}`,
        `ip saddr ${privateIpv4} ${to('private-source')}`,
        to('foreign-source'),
      ],
    ],
    [
      'over_ipv6',
      [
        `icmpv6 type nd-router-advert ${to('router-advertisement')}`,
        `icmpv6 type nd-redirect ${to('redirect')}`,
        `icmpv6 type nd-neighbor-advert iifname . @th,64,128 @gateway_target ${to('na-gateway')}`,
        `iifname . ip6 saddr @gateway_ip6 ${to('gateway-source')}`,
        'iifname . ip6 saddr @sold_ip6 goto ipv6_sold',
        'ip6 saddr fe80::/64 goto ipv6_link_local',
        // MLD, RS and the NS of duplicate address detection come from no address yet.
        `ip6 saddr :: icmpv6 type { ${mld}, nd-router-solicit, nd-neighbor-solicit, mld2-listener-report } accept`,
        `ip6 saddr fc00::/7 ${to('private-source')}`,
        to('foreign-source'),
      ],
    ],
    // Of a sold address only RS and NS make the gateway remember a neighbour: everything else it routes.
    ['ipv6_sold', ['icmpv6 type { nd-router-solicit, nd-neighbor-solicit } goto new_neighbour', 'accept']],
    // Whatever a link-local address says may be answered, and the answer needs a neighbour; but for MLD and NA.
    [
      'ipv6_link_local',
      [`icmpv6 type { ${mld}, nd-neighbor-advert, mld2-listener-report } accept`, 'goto new_neighbour'],
    ],
    [
      'new_neighbour',
      [
        'iifname . ip6 saddr @nd_known accept',
        `add @nd_ports { iifname ${over(nd.perPort)} } ${to('nd-rate')}`,
        `${over(nd.together)} ${to('nd-rate')}`,
        `add @nd_known { iifname . ip6 saddr timeout ${knownForSeconds}s } accept`,
      ],
    ],
    ...guardKinds.map((kind): [string, string[]] => [
      hitChain(kind),
      [`add @${hitSet(kind)} { iifname counter }`, 'iifname @dropping drop', 'accept'],
    ]),
  ];
  return new Map(rules);
}

function hitChain(kind: GuardKind): string {
  return `not_${kind.replaceAll('-', '_')}`;
}
