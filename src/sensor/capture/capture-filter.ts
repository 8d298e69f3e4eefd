const nd = '(icmp6 and ip6[40] >= 133 and ip6[40] <= 137)';
/** Hop-by-hop, routing, fragment, authentication, destination options: behind them ND would be hidden from `icmp6`. */
const extension = (at: number): string => `(${[0, 43, 44, 51, 60].map((next) => `ip6[${at}] = ${next}`).join(' or ')})`;
/**
 * The first extension header's own next header must be ICMPv6 or one more extension header: what a customer sends in
 * fragments, or with options, costs us nothing where TCP or UDP follows.
 */
const hiddenNd = `(ip6 and ${extension(6)} and (ip6[40] = 58 or ${extension(40)}))`;
const wanted = `(arp or rarp or ${nd} or ${hiddenNd})`;
/**
 * Whatever comes in LLC/SNAP; the length of IEEE 802.3 stands where the EtherType would. Asking here for ARP and IPv6 alone
 * makes libpcap 1.10.3 lose frames with two tags.
 */
const snap = '(ether[12:2] <= 1500 and ether[14:4] = 0xaaaa0300)';

/**
 * ARP, RARP and ND, untagged or behind one or two tags, also behind IPv6 extension headers. The kernel filters, so a
 * customer's ping flood costs us nothing. Three tags are so rare that all of them pass: the reader looks inside.
 * `vlan` moves every later offset, so each one stands behind what it must not move.
 */
export const captureFilter = `${snap} or ${wanted} or (vlan and (${wanted} or (vlan and (${wanted} or vlan))))`;
