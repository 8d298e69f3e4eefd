import { type PortTraffic, thresholds } from '../../../../projections/index.js';
import { uint16At, uint32At } from '../../capture/frame-bytes.js';
import {
  ARP_REQUEST,
  type FrameFields,
  NEIGHBOUR_ADVERTISEMENT,
  NEIGHBOUR_SOLICITATION,
} from '../../capture/frame-fields.js';
import { hashOfPair } from '../grants/hashes.js';
import { bitsAbove, Sketch } from './sketch.js';

const { trafficWindowMs, askedAddressesLook, claimedAddressesLook, sourcesLook } = thresholds;
const halfMs = trafficWindowMs / 2;
const askedBits = bitsAbove(askedAddressesLook);
const claimedBits = bitsAbove(claimedAddressesLook);
const sourceBits = bitsAbove(sourcesLook);

/**
 * What came in at one port in the last window, whatever came; a frame costs some nanoseconds, and no memory but for a port
 * that claims or asks for more than a dozen addresses.
 */
export class PortMeter implements PortTraffic {
  readonly windowMs = trafficWindowMs;
  private readonly asked = new Sketch();
  private readonly claimed = new Sketch();
  private readonly senders = new Sketch();
  private halfEnds = Number.NEGATIVE_INFINITY;
  private counted = 0;
  private countedBefore = 0;

  /** True while the port is above a number that a rule looks at. */
  get isLoud(): boolean {
    return this.asked.bits >= askedBits || this.claimed.bits >= claimedBits || this.senders.bits >= sourceBits;
  }

  get frames(): number {
    return this.counted + this.countedBefore;
  }

  get askedAddresses(): number {
    return this.asked.distinct;
  }

  get claimedAddresses(): number {
    return this.claimed.distinct;
  }

  get sources(): number {
    return this.senders.distinct;
  }

  /** Counts a frame that hosts would believe, captured at this time (ms). */
  count(bytes: Uint8Array, fields: FrameFields, time: number): void {
    if (time >= this.halfEnds) this.turn(time);
    this.counted++;
    const { kind, etherSource, sender, target, addressBytes } = fields;
    this.senders.add(hashOfPair(uint16At(bytes, etherSource), uint32At(bytes, etherSource + 2)));
    const said = kind === NEIGHBOUR_ADVERTISEMENT ? target : sender;
    const claim = said < 0 ? unspecified : hashOfAddress(bytes, said, addressBytes);
    if (claim !== unspecified) this.claimed.add(claim);
    if ((kind !== ARP_REQUEST && kind !== NEIGHBOUR_SOLICITATION) || target < 0) return;
    // Duplicate address detection (RFC 4862) asks for what its sender wants: that is a claim, not a question.
    const isTentative = claim === unspecified && kind === NEIGHBOUR_SOLICITATION;
    (isTentative ? this.claimed : this.asked).add(hashOfAddress(bytes, target, addressBytes));
  }

  private turn(time: number): void {
    const halves = time >= this.halfEnds + halfMs ? 2 : 1;
    for (let half = 0; half < halves; half++) {
      this.asked.turn();
      this.claimed.turn();
      this.senders.turn();
      this.countedBefore = this.counted;
      this.counted = 0;
    }
    this.halfEnds = halves === 2 ? time + halfMs : this.halfEnds + halfMs;
  }
}

/** 32 bits of an address in a frame; `unspecified` for 0.0.0.0 and ::. */
export function hashOfAddress(bytes: Uint8Array, at: number, length: number): number {
  const first = uint32At(bytes, at);
  if (length === 4) return first === 0 ? unspecified : hashOfPair(4, first);
  const second = uint32At(bytes, at + 4);
  const third = uint32At(bytes, at + 8);
  const fourth = uint32At(bytes, at + 12);
  if ((first | second | third | fourth) === 0) return unspecified;
  return hashOfPair(hashOfPair(first, second), hashOfPair(third, fourth));
}

/** What `hashOfAddress` gives for the unspecified address. */
export const unspecified = hashOfPair(0, 0);
