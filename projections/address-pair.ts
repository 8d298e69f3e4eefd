import {
  formatIpv6,
  type Ipv4Address,
  ipv4Number,
  type Ipv6Address,
  type Ipv6Prefix,
  linkLocalOf,
  type MacAddress,
  prefixBits,
  type ServerId,
  wordsOf,
} from '../events/index.js';
import type { Binding } from './binding.js';
import { ipv4Claim, prefixClaim } from './claims.js';
import { speaksFor } from './desired-state.js';
import { heldSince } from './held-since.js';
import type { NetworkMap } from './network-map.js';

/**
 * What the IPv6 address of a pair is made of. `server`: of what was sold, so that a replaced NIC keeps the pair. `mac`: of the
 * bound MAC (EUI-64), so that a replaced NIC gets another IPv6 address.
 */
export type PairingPolicy = 'server' | 'mac';

/** The one IPv4 and the one IPv6 address that go together for a MAC. */
export interface AddressPair {
  readonly serverId: ServerId;
  readonly mac: MacAddress;
  /** Absent where none is sold and held, or it is withheld. */
  readonly ipv4?: Ipv4Address;
  /** Inside `prefix`. Absent where no prefix is sold and held, or it is withheld. */
  readonly ipv6?: Ipv6Address;
  /** The sold prefix that the IPv6 address is taken from. */
  readonly prefix?: Ipv6Prefix;
  /** Addresses the pair would have, and why it has not; never replaced by others, so that a pair does not wander. */
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
}

/**
 * The pair of a server; undefined for one that is not sold, whose MAC is not known, or whose MAC or VLAN another server holds.
 *
 * Of several IPv4 addresses, and of several prefixes, the pair has the one held longest without a break: what is bought,
 * cancelled, restated or let go of later never changes it, only its own end does. Where one event gave several, the lowest
 * address and the shortest prefix count.
 *
 * The IPv6 address lies in the first /64 of the prefix. By policy `server` its interface identifier is the 32 bits of the
 * IPv4 address (`2001:db8:16::198.51.100.16`), or 2 where there is no IPv4: 0 is the subnet-router anycast address (RFC 4291
 * section 2.6.1), and 1 is what many call their gateway. By policy `mac` it is the modified EUI-64 of the MAC (RFC 4291
 * appendix A). A prefix longer than /64 has no room for an EUI-64, one longer than /96 none for an IPv4 address: these, and a
 * MAC whose EUI-64 is reserved (RFC 5453), get what is next in this list. A /127 has the identifier 1 (RFC 6164), and a
 * /128 is the address.
 *
 * No two servers get one address: each is given only what the map holds for this server alone.
 */
export function addressPairOf(map: NetworkMap, binding: Binding, policy: PairingPolicy): AddressPair | undefined {
  const { serverId, mac, state } = binding;
  if (mac === undefined || (state !== 'active' && state !== 'suspended')) return undefined;
  const withheld: { what: string; reason: string }[] = [];
  const granted = <Address extends string>(address: Address, reason: string | undefined): Address | undefined => {
    if (reason === undefined) return address;
    withheld.push({ what: address, reason });
    return undefined;
  };
  const sold = soldIpv4(map, binding);
  const ipv4 = sold && granted(sold, whyNotOwn(map, binding, sold));
  const prefix = soldPrefix(map, binding);
  const derived = prefix && addressIn(prefix, policy === 'mac' ? mac : undefined, sold);
  const ipv6 = derived && granted(derived, whyNotOwn(map, binding, derived) ?? whyReserved(derived, prefix));
  return {
    serverId,
    mac,
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    ...(prefix === undefined ? {} : { prefix }),
    withheld,
  };
}

function soldIpv4(map: NetworkMap, { serverId, addresses }: Binding): Ipv4Address | undefined {
  const held = addresses.flatMap(({ address }) => {
    const since = heldSince(map, serverId, ipv4Claim(address));
    return since === undefined ? [] : [{ address, since, rank: ipv4Number(address) }];
  });
  return held.sort((a, b) => a.since - b.since || a.rank - b.rank)[0]?.address;
}

function soldPrefix(map: NetworkMap, { serverId, prefixes }: Binding): Ipv6Prefix | undefined {
  const held = prefixes.flatMap(({ prefix }) => {
    const since = heldSince(map, serverId, prefixClaim(prefix));
    return since === undefined ? [] : [{ prefix, since, length: prefixBits(prefix).length }];
  });
  // Prefixes of equal length are in the order of their spelling, as in the binding.
  return held.sort((a, b) => a.since - b.since || a.length - b.length)[0]?.prefix;
}

/** The low 64 bits of an address. */
type Identifier = readonly [number, number];

function addressIn(prefix: Ipv6Prefix, mac: MacAddress | undefined, ipv4: Ipv4Address | undefined): Ipv6Address {
  const { words, length } = prefixBits(prefix);
  const [high, low] = identifierOf(length, mac, ipv4);
  return formatIpv6([words[0], words[1], (words[2] | high) >>> 0, (words[3] | low) >>> 0]);
}

function identifierOf(length: number, mac: MacAddress | undefined, ipv4: Ipv4Address | undefined): Identifier {
  if (mac !== undefined && length <= 64) {
    const [, , high, low] = wordsOf(linkLocalOf(mac));
    if (!isReserved([high, low])) return [high, low];
  }
  if (ipv4 !== undefined && length <= 96) return [0, ipv4Number(ipv4)];
  return [0, length <= 126 ? 2 : 128 - length];
}

/** The reserved IPv6 interface identifiers (RFC 5453 and its registry) but 0, which is never made: an IPv4 address sold is not 0.0.0.0. */
function isReserved([high, low]: Identifier): boolean {
  return (high === 0x02005eff && low >>> 24 === 0xfe) || (high === 0xfdffffff && low >= 0xffffff80);
}

function whyReserved(address: Ipv6Address, prefix: Ipv6Prefix): string | undefined {
  const [, , high, low] = wordsOf(address);
  // A /127 or /128 is no subnet with anycast addresses: who sold it chose its bits.
  const isChosen = prefixBits(prefix).length > 126;
  return isChosen || !isReserved([high, low]) ? undefined : 'has a reserved interface identifier (RFC 5453)';
}

function whyNotOwn(map: NetworkMap, { serverId, switch: name, vlan }: Binding, address: string): string | undefined {
  if (name !== undefined && speaksFor(map.gatewayOf(name, vlan), address)) return 'is an address of the gateway';
  const holder = map.holderOfAddress(address)?.serverId;
  return holder === serverId ? undefined : `lies in what ${holder ?? 'nobody'} holds`;
}
