import { uint16At, uint32At } from '../capture/frame-bytes.js';
import type { FrameFields } from '../capture/frame-fields.js';
import { hashOfPair } from './grants/hashes.js';
import type { Heard } from './judge-repeats.js';

const places = 1_024;
const keyWords = 16;
/** A frame is judged in full at least so often: rules that remember hear of it then. */
const freshMs = 1_000;

/** Under what a frame was judged: while all of it is the same, so is the finding. */
export interface Circumstances {
  /** Number of the source it was heard at. */
  readonly source: number;
  /** Version of the grants. */
  readonly version: number;
  readonly isLoud: boolean;
}

/** Frames counted for one identity that the judge was not told of yet. */
class Known {
  readonly key = new Uint32Array(keyWords);
  identity: string | undefined;
  sensor = '';
  isUsed = false;
  version = -1;
  isLoud = false;
  judgedAt = 0;
  count = 0;
  first = 0;
  last = 0;
}

/**
 * Frames that were judged a moment ago, each with what it was counted as: one quite like it is only counted, which takes
 * nanoseconds. Compared byte by byte, so that no lie passes for another one's.
 */
export class KnownFrames {
  private readonly known: (Known | undefined)[] = Array.from({ length: places });
  private readonly key = new Uint32Array(keyWords);
  private readonly counting: Known[] = [];
  private place = 0;

  /** True when a frame like this one was judged a moment ago under the same circumstances: it is counted, nothing else. */
  counts(bytes: Uint8Array, fields: FrameFields, under: Circumstances, time: number): boolean {
    this.spell(bytes, fields, under.source);
    const known = this.known[this.place];
    if (known?.isUsed !== true || known.version !== under.version || known.isLoud !== under.isLoud) return false;
    if (time < known.judgedAt || time - known.judgedAt >= freshMs || !this.isSameKey(known.key)) return false;
    if (known.identity === undefined) return true;
    if (known.count === 0) {
      this.counting.push(known);
      known.first = time;
      known.last = time;
    }
    known.count++;
    if (time < known.first) known.first = time;
    if (time > known.last) known.last = time;
    return true;
  }

  /** The frame asked about last was judged: what it was counted as, undefined for a normal one. `tell` first. */
  remember(identity: string | undefined, sensor: string, under: Circumstances, time: number): void {
    const known = (this.known[this.place] ??= new Known());
    known.key.set(this.key);
    known.identity = identity;
    known.sensor = sensor;
    known.isUsed = true;
    known.version = under.version;
    known.isLoud = under.isLoud;
    known.judgedAt = time;
    known.count = 0;
  }

  /** Hands over what was counted; must be called before the judge settles or ends anything. */
  tell(again: (identity: string, heard: Heard) => void): void {
    if (this.counting.length === 0) return;
    for (const known of this.counting) {
      const { identity, sensor, count, first, last } = known;
      if (identity !== undefined) again(identity, { sensor, count, first, last });
      known.count = 0;
    }
    this.counting.length = 0;
  }

  /** What identities mean has changed: every frame is judged anew. */
  forget(): void {
    for (const known of this.known) if (known !== undefined) known.isUsed = false;
  }

  /** All that can make a difference to a rule, in 64 bytes. */
  private spell(bytes: Uint8Array, fields: FrameFields, source: number): void {
    const { key } = this;
    const { etherSource, claimMac, sender, target, addressBytes } = fields;
    key[0] = source;
    key[1] = (fields.kind << 24) | (fields.tags << 16) | (addressBytes << 8) | (fields.outgoing ? 1 : 0);
    key[2] = (fields.outerTag << 16) | (fields.innerTag & 0xffff);
    key[3] = uint32At(bytes, etherSource);
    key[4] = uint16At(bytes, etherSource + 4) << 16;
    key[5] = 0;
    if (claimMac >= 0) {
      key[4] |= uint16At(bytes, claimMac);
      key[5] = uint32At(bytes, claimMac + 2);
    }
    spellAddress(bytes, sender, addressBytes, key, 6);
    spellAddress(bytes, target, addressBytes, key, 10);
    key[14] = claimMac >= 0 ? 1 : 0;
    key[15] = fields.opcode;
    let hash = 0;
    for (let word = 0; word < keyWords; word++) hash = hashOfPair(hash, key[word] ?? 0);
    this.place = hash & (places - 1);
  }

  private isSameKey(key: Uint32Array): boolean {
    for (let word = 0; word < keyWords; word++) if (key[word] !== this.key[word]) return false;
    return true;
  }
}

function spellAddress(bytes: Uint8Array, at: number, length: number, key: Uint32Array, from: number): void {
  for (let word = 0; word < 4; word++)
    key[from + word] = at >= 0 && word * 4 < length ? uint32At(bytes, at + word * 4) : 0;
}
