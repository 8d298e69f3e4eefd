import type { DesiredPortGuard } from '../../projections/index.js';

/** What a guard lets in at a port, for people: a sentence each. */
export function rulesInWords(desired: DesiredPortGuard): string[] {
  const { closed, macs, ipv4, prefixes, gateway } = desired;
  if (closed !== undefined) return [`Nothing comes in: ${closed}.`];
  const own = list(gateway.ipv6, 'the gateway’s, which no event declared');
  return [
    `Frames from ${list(macs, 'nobody')}; LLDP, LACP and EAPOL from any network card.`,
    `ARP that speaks for ${list(ipv4, 'no address')}, and probes from 0.0.0.0.`,
    ipv4.length === 0
      ? 'No IPv4 but DHCP: no IPv4 address is sold.'
      : `IPv4 from ${list(ipv4, '')}, and DHCP before it has an address.`,
    prefixes.length === 0
      ? 'IPv6 from link-local addresses only: no prefix is sold.'
      : `IPv6 from ${list(prefixes, '')} and from link-local addresses.`,
    `RS, NS, NA, MLD, duplicate address detection and DHCPv6; never RA, redirects, or a word for ${own}.`,
  ];
}

const list = (values: readonly string[], none: string): string => (values.length === 0 ? none : values.join(', '));
