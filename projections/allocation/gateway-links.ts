import { formatPrefix, type IpAddress, type Ipv6Prefix, parseIpv6, wordsOf } from '../../events/index.js';
import { firstBits } from '../prefix-overlap.js';
import { linkLength } from './prefix-range.js';

/** The /64s that a gateway speaks in with these addresses. */
export function linksOf(addresses: readonly IpAddress[]): Ipv6Prefix[] {
  return addresses.flatMap((one) => {
    const address = parseIpv6(one);
    return address === undefined ? [] : [formatPrefix(firstBits(wordsOf(address), linkLength), linkLength)];
  });
}
