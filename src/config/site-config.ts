import { parseIpv4, parseIpv6Prefix } from '../../events/index.js';
import { Expect } from './shape.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

/** What the gateways of one site have in common. */
export class SiteConfig {
  @Expect('a site name', text)
  name!: string;
  /**
   * How two IPv4 servers of one subnet reach each other: `host-route`, each has a /32 and asks for the gateway only;
   * `proxy-arp`, the gateway answers for the others.
   */
  @Expect('host-route or proxy-arp', (value) => value === 'host-route' || value === 'proxy-arp')
  sameSubnet: 'host-route' | 'proxy-arp' = 'host-route';
  /** Pools that servers of the site are sold from: each gateway needs an unreachable or blackhole route for each. */
  @Expect('a list of prefixes, such as ["2001:db8::/32", "198.51.100.0/24"]', isPrefixList)
  aggregates: string[] = [];
}

function isPrefixList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => parseIpv6Prefix(one) !== undefined || isIpv4Prefix(one));
}

/** True for an IPv4 prefix in its one spelling, without host bits. */
function isIpv4Prefix(value: unknown): boolean {
  const [, address, bits] = typeof value === 'string' ? (/^([0-9.]+)\/(\d|[12]\d|3[0-2])$/.exec(value) ?? []) : [];
  if (parseIpv4(address) !== address || address === undefined) return false;
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return number % 2 ** (32 - Number(bits)) === 0;
}
