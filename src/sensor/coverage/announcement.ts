import type { SelfTestClaim } from './self-tests.js';

const BROADCAST = 'ffffffffffff';
/** Ethernet, IPv4, address lengths 6 and 4, request (RFC 826). */
const ARP_REQUEST = '0001' + '0800' + '06' + '04' + '0001';
const SHORTEST_FRAME = 60;

/**
 * The Ethernet frame of an ARP announcement (RFC 5227 section 2.3): a request for one's own address. Hosts that have no
 * entry for the address, and nobody has one for a test address, learn nothing from it.
 */
export function announcementOf({ mac, address }: SelfTestClaim): Buffer {
  const sender = mac.replaceAll(':', '');
  const ip = address
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('');
  const hex = BROADCAST + sender + '0806' + ARP_REQUEST + sender + ip + '000000000000' + ip;
  const frame = Buffer.alloc(SHORTEST_FRAME);
  frame.set(Buffer.from(hex, 'hex'));
  return frame;
}
