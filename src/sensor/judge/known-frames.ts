import { uint16At, uint32At } from '../capture/frame-bytes.js';
import type { FrameFields } from '../capture/frame-fields.js';
import { hashOfPair } from './grants/hashes.js';

const sets = 4_096;
const ways = 2;
const keyWords = 16;

/**
 * What is known of frames that were judged, found again by frames quite like them: compared word by word, so that no lie
 * passes for another one's. Of those that share a place the one judged longest ago is forgotten. A frame is remembered when
 * it comes for the second time: of a flood in which no two are alike nothing is kept.
 */
export class KnownFrames<Known> {
  private readonly keys = new Uint32Array(sets * ways * keyWords);
  private readonly known: (Known | undefined)[] = Array.from({ length: sets * ways });
  private readonly key = new Uint32Array(keyWords);
  /** Hashes of frames that came once. */
  private readonly met = new Int32Array(sets * ways);
  private hash = 0;
  /** Of the frame looked for last: the first of its places; -1 where it is one of those that are not remembered. */
  private place = -1;

  /** What is known of frames like this one, heard at the source of this number. */
  find(bytes: Uint8Array, fields: FrameFields, source: number): Known | undefined {
    this.place = -1;
    // The tags between the first and the last would need room of their own; nobody honest sends three.
    if (fields.tags > 2) return undefined;
    this.spell(bytes, fields, source);
    const { place } = this;
    if (this.isAt(place)) return this.known[place];
    return this.isAt(place + 1) ? this.known[place + 1] : undefined;
  }

  /** Remembers this of the frame looked for last, where that is not the first of its kind. */
  remember(known: Known): void {
    const { place, keys, met, hash } = this;
    if (place < 0) return;
    const metAt = hash & (met.length - 1);
    if (met[metAt] !== hash) {
      met[metAt] = hash;
      return;
    }
    if (!this.isAt(place)) {
      keys.copyWithin((place + 1) * keyWords, place * keyWords, (place + 1) * keyWords);
      this.known[place + 1] = this.known[place];
    }
    keys.set(this.key, place * keyWords);
    this.known[place] = known;
  }

  /** All of a frame that a rule can look at, in 64 bytes. */
  private spell(bytes: Uint8Array, fields: FrameFields, source: number): void {
    const { key } = this;
    const { etherSource, claimMac, sender, target, addressBytes } = fields;
    key[0] = source;
    key[1] = (fields.kind << 24) | (fields.tags << 16) | (addressBytes << 8) | (fields.outgoing ? 1 : 0);
    key[2] = (fields.outerTag << 16) | (fields.innerTag & 0xffff);
    key[3] = uint32At(bytes, etherSource);
    let macs = uint16At(bytes, etherSource + 4) << 16;
    let claimed = 0;
    if (claimMac >= 0) {
      macs |= uint16At(bytes, claimMac);
      claimed = uint32At(bytes, claimMac + 2);
    }
    key[4] = macs;
    key[5] = claimed;
    spellAddress(bytes, sender, addressBytes, key, 6);
    spellAddress(bytes, target, addressBytes, key, 10);
    key[14] = (claimMac >= 0 ? 1 : 0) | (sender >= 0 ? 2 : 0) | (target >= 0 ? 4 : 0);
    key[15] = fields.opcode;
    let hash = 0;
    for (let word = 0; word < keyWords; word++) hash = hashOfPair(hash, key[word] ?? 0);
    this.hash = hash;
    this.place = (hash & (sets - 1)) * ways;
  }

  private isAt(place: number): boolean {
    const { keys, key } = this;
    const base = place * keyWords;
    for (let word = 0; word < keyWords; word++) if (key[word] !== keys[base + word]) return false;
    return this.known[place] !== undefined;
  }
}

function spellAddress(bytes: Uint8Array, at: number, length: number, key: Uint32Array, from: number): void {
  for (let word = 0; word < 4; word++)
    key[from + word] = at >= 0 && word * 4 < length ? uint32At(bytes, at + word * 4) : 0;
}
