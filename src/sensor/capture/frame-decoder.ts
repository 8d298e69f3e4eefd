import type { CapturedFrame, CaptureTime } from './captured-frame.js';
import type { DecodedFrame } from './decoded-frame.js';
import { ipv4At, ipv6At, macAt, uint16At } from './frame-bytes.js';
import { CHECKSUM_GOOD, CHECKSUM_UNKNOWN, FrameFields, frameKinds } from './frame-fields.js';
import { problemText } from './frame-problem.js';
import { readFrame } from './frame-reader.js';
import { ETHERNET } from './link-type.js';

const untagged: readonly number[] = Object.freeze([]);
const scratch = new FrameFields();

/**
 * What a frame says about addresses; undefined when it is neither ARP nor ND (ICMPv6 133 to 137).
 * Never throws and never reads outside `start` to `end`.
 */
export function decodeFrame(captured: CapturedFrame): DecodedFrame | undefined {
  const { bytes, start, end, linkType = ETHERNET } = captured;
  if (!readFrame(bytes, start, end, linkType, scratch)) return undefined;
  scratch.outgoing ||= captured.outgoing ?? false;
  return spellOut(bytes, scratch, captured.number, captured.time);
}

/** The fields of an ARP or ND frame in words. `bytes` is the buffer they were read from. */
export function spellOut(bytes: Uint8Array, fields: FrameFields, frame: number, time: CaptureTime): DecodedFrame {
  const mac = (at: number): string | undefined => (at < 0 ? undefined : macAt(bytes, at));
  const address = (at: number): string | undefined =>
    at < 0 ? undefined : fields.addressBytes === 4 ? ipv4At(bytes, at) : ipv6At(bytes, at);
  return {
    frame,
    time,
    vlans: tagsOf(bytes, fields),
    etherSource: mac(fields.etherSource),
    etherDestination: mac(fields.etherDestination),
    kind: frameKinds[fields.kind - 1] ?? 'malformed',
    senderMac: mac(fields.claimMac),
    senderIp: address(fields.sender),
    targetMac: mac(fields.targetMac),
    targetIp: address(fields.target),
    opcode: fields.opcode < 0 ? undefined : fields.opcode,
    hopLimit: fields.hopLimit < 0 ? undefined : fields.hopLimit,
    checksum: fields.checksum === CHECKSUM_UNKNOWN ? undefined : fields.checksum === CHECKSUM_GOOD ? 'good' : 'bad',
    outgoing: fields.outgoing ? true : undefined,
    problem: problemText(bytes, fields),
  };
}

/** The VLAN ids of the tags, outermost first. */
export function tagsOf(bytes: Uint8Array, { tags, firstTag }: FrameFields): readonly number[] {
  if (tags === 0) return untagged;
  return Array.from({ length: tags }, (_, index) => uint16At(bytes, firstTag + 4 * index) & 0xfff);
}
