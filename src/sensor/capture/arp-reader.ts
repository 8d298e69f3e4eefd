import { byteAt, uint16At } from './frame-bytes.js';
import { ARP_OTHER, type FrameFields, MALFORMED } from './frame-fields.js';
import { ARP_CUT_SHORT, ARP_FOREIGN, ARP_WITHOUT_HEADER } from './frame-problem.js';

const HEADER_BYTES = 8;
const IPV4 = 0x0800;

/**
 * Reads an ARP message (RFC 826; RARP, RFC 903, has the same layout) from `at` to before `out.end`.
 * With the EtherType of RARP (`isReverse`) it is never an ARP request or reply: no host takes it for one.
 * Hardware type 6 (IEEE 802) counts as Ethernet because hosts take it, Linux among them: a forger may use it.
 */
export function readArp(bytes: Uint8Array, at: number, isReverse: boolean, out: FrameFields): void {
  const there = out.end - at;
  out.network = at;
  out.kind = MALFORMED;
  if (there < HEADER_BYTES) return out.fault(ARP_WITHOUT_HEADER, there, HEADER_BYTES);
  const hardwareLength = byteAt(bytes, at + 4);
  const protocolLength = byteAt(bytes, at + 5);
  const opcode = uint16At(bytes, at + 6);
  const needed = HEADER_BYTES + 2 * (hardwareLength + protocolLength);
  out.opcode = opcode;
  if (there < needed) return out.fault(ARP_CUT_SHORT, there, needed);

  const hardware = uint16At(bytes, at);
  const isEthernet = (hardware === 1 || hardware === 6) && hardwareLength === 6;
  const isIpv4 = protocolLength === 4 && uint16At(bytes, at + 2) === IPV4;
  const sender = at + HEADER_BYTES + hardwareLength;
  const targetMac = sender + protocolLength;
  if (isEthernet) {
    out.claimMac = at + HEADER_BYTES;
    out.targetMac = targetMac;
  }
  if (isIpv4) {
    out.addressBytes = 4;
    out.sender = sender;
    out.target = targetMac + hardwareLength;
  }
  if (!isEthernet || !isIpv4) return out.fault(ARP_FOREIGN, hardware, 1);
  // The codes of request and reply are their operations.
  out.kind = !isReverse && (opcode === 1 || opcode === 2) ? opcode : ARP_OTHER;
}
