import { GENEVE, GRE, GTP, IP_IN_IP, MPLS, OTHER, TEREDO, VXLAN } from './frame-aside.js';
import { byteAt, uint16At } from './frame-bytes.js';

const UDP = 17;
const IPV4_IN_IP = 4;
const IPV6_IN_IP = 41;
const GENERIC_ROUTING = 47;
const MPLS_IN_IP = 137;

/** What an IPv4 packet from `at` to before `end` is for us: a tunnel, or something else. A code of frame-aside.ts. */
export function tunnelInIpv4(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 20) return OTHER;
  const isLaterFragment = (uint16At(bytes, at + 6) & 0x1fff) !== 0;
  const protocol = byteAt(bytes, at + 9);
  return isLaterFragment ? OTHER : tunnelOf(bytes, protocol, at + (byteAt(bytes, at) & 15) * 4, end);
}

/** The same for the payload of an IP packet: `protocol` is its number, `payload` where it begins. */
export function tunnelOf(bytes: Uint8Array, protocol: number, payload: number, end: number): number {
  switch (protocol) {
    case UDP:
      return end - payload < 8 ? OTHER : tunnelByPort(uint16At(bytes, payload), uint16At(bytes, payload + 2));
    case GENERIC_ROUTING:
      return GRE;
    case IPV4_IN_IP:
    case IPV6_IN_IP:
      return IP_IN_IP;
    case MPLS_IN_IP:
      return MPLS;
    default:
      return OTHER;
  }
}

function tunnelByPort(source: number, destination: number): number {
  switch (destination) {
    // 8472: what Linux used before IANA gave it a port.
    case 4789:
    case 8472:
      return VXLAN;
    case 6081:
      return GENEVE;
    case 2152:
      return GTP;
    case 3544:
      return TEREDO;
    default:
      return source === 3544 ? TEREDO : OTHER;
  }
}
