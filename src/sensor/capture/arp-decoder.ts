import type { Message } from './decoded-frame.js';
import { byteAt, ipv4At, macAt, uint16At } from './frame-bytes.js';

const HEADER_BYTES = 8;
const IPV4 = 0x0800;
const REQUEST = 1;
const REPLY = 2;

/**
 * Reads an ARP message (RFC 826) from `start` to before `end`.
 * Hardware type 6 (IEEE 802) counts as Ethernet because hosts take it, Linux among them: a forger may use it.
 */
export function decodeArp(bytes: Uint8Array, start: number, end: number): Message {
  const there = end - start;
  if (there < HEADER_BYTES) return malformedArp(`ARP of ${there} bytes, expected ${HEADER_BYTES} or more`);
  const hardware = uint16At(bytes, start);
  const protocol = uint16At(bytes, start + 2);
  const hardwareLength = byteAt(bytes, start + 4);
  const protocolLength = byteAt(bytes, start + 5);
  const opcode = uint16At(bytes, start + 6);
  const needed = HEADER_BYTES + 2 * (hardwareLength + protocolLength);
  if (there < needed) return malformedArp(`ARP of ${there} bytes, its lengths ask for ${needed}`, opcode);

  const isEthernet = (hardware === 1 || hardware === 6) && hardwareLength === 6;
  const isIpv4 = protocol === IPV4 && protocolLength === 4;
  const senderAddress = start + HEADER_BYTES + hardwareLength;
  const target = senderAddress + protocolLength;
  const problem =
    isEthernet && isIpv4
      ? undefined
      : `ARP for hardware type ${hardware} length ${hardwareLength}, protocol 0x${protocol.toString(16)} length ${protocolLength}, expected Ethernet and IPv4`;
  return {
    kind:
      problem !== undefined
        ? 'malformed'
        : opcode === REQUEST
          ? 'arp-request'
          : opcode === REPLY
            ? 'arp-reply'
            : 'arp-other',
    senderMac: isEthernet ? macAt(bytes, start + HEADER_BYTES) : undefined,
    senderIp: isIpv4 ? ipv4At(bytes, senderAddress) : undefined,
    targetMac: isEthernet ? macAt(bytes, target) : undefined,
    targetIp: isIpv4 ? ipv4At(bytes, target + hardwareLength) : undefined,
    opcode,
    hopLimit: undefined,
    problem,
  };
}

function malformedArp(problem: string, opcode?: number): Message {
  return {
    kind: 'malformed',
    senderMac: undefined,
    senderIp: undefined,
    targetMac: undefined,
    targetIp: undefined,
    opcode,
    hopLimit: undefined,
    problem,
  };
}
