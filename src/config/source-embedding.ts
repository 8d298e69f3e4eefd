import { formatIpv6, type Ipv6Address, parseAnyIpv6, wordsOf } from '../../events/index.js';

/** A prefix whose addresses carry an IPv4 source: after 80 bits 32 of the address and 16 of its port, after 96 the address alone. */
export interface SourceEmbedding {
  readonly network: Ipv6Address;
  readonly length: 80 | 96;
}

/**
 * Reads a prefix of 80 or 96 bits without host bits, such as `2001:db8:64::/80` or `64:ff9b::/96` (RFC 6052 section 2.1);
 * undefined for any other text. It need not be one that can be sold.
 */
export function parseSourceEmbedding(text: unknown): SourceEmbedding | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(80|96)$/.exec(typeof text === 'string' ? text : '') ?? [];
  const network = parseAnyIpv6(address);
  if (network === undefined) return undefined;
  const bits = length === '80' ? 80 : 96;
  return networkOf(network, bits) === network ? { network, length: bits } : undefined;
}

/** The first bits of an address, the others zero. */
export function networkOf(address: Ipv6Address, length: 80 | 96): Ipv6Address {
  const [first, second, third] = wordsOf(address);
  return formatIpv6([first, second, length === 80 ? (third & 0xffff0000) >>> 0 : third, 0]);
}
