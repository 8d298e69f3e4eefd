import { type Ipv6Prefix, prefixBits, wordsOf } from '../../../events/index.js';
import { uint32At } from '../capture/frame-bytes.js';
import {
  type FrameFields,
  NEIGHBOUR_ADVERTISEMENT,
  NEIGHBOUR_SOLICITATION,
  ROUTER_SOLICITATION,
} from '../capture/frame-fields.js';
import { hashOfPair } from './grants/hashes.js';

/** How often a prefix was heard, and when it was last. */
export interface PrefixCount {
  readonly prefix: Ipv6Prefix;
  /** Frames of neighbour discovery with an address of the prefix, since this judge began to count it. */
  readonly frames: number;
  /** Capture time of the newest, ms since 1970. */
  readonly lastHeard: number;
}

interface Counted {
  readonly prefix: Ipv6Prefix;
  readonly words: Uint32Array;
  frames: number;
  lastHeard: number;
}

/**
 * Counts the frames of neighbour discovery that use an address of a few prefixes: as their source, as the target of an
 * advertisement, or as what duplicate address detection asks for. Who sent them does not matter, and what they are asked
 * for by others does not count. One look-up for each length in use, and nothing is allocated: a flood costs no more than
 * that. Traffic that needs no discovery is not heard.
 */
export class PrefixUse {
  private counted = new Map<Ipv6Prefix, Counted>();
  /** The distinct lengths, and for each the masks of the four words. */
  private masks: Uint32Array[] = [];
  private readonly places = new Map<number, Counted[]>();
  private readonly address = new Uint32Array(4);

  /** From now on these are counted and no others; what was counted of them before stays. */
  watch(prefixes: readonly Ipv6Prefix[]): void {
    const before = this.counted;
    this.counted = new Map();
    this.places.clear();
    const lengths = new Set<number>();
    for (const prefix of prefixes) {
      const { words, length } = prefixBits(prefix);
      const one = before.get(prefix) ?? { prefix, words: Uint32Array.from(words), frames: 0, lastHeard: 0 };
      this.counted.set(prefix, one);
      lengths.add(length);
      const hash = hashOfWords(one.words, maskOf(length));
      this.places.set(hash, [...(this.places.get(hash) ?? []), one]);
    }
    this.masks = [...lengths].map(maskOf);
  }

  get isWatching(): boolean {
    return this.masks.length > 0;
  }

  /** Hears one ARP or ND frame captured at this time, ms since 1970. */
  hear(bytes: Uint8Array, { kind, addressBytes, sender, target }: FrameFields, time: number): void {
    if (addressBytes !== 16) return;
    if (kind === NEIGHBOUR_ADVERTISEMENT) this.noteAt(bytes, target, time);
    else if (kind === ROUTER_SOLICITATION) this.noteAt(bytes, sender, time);
    else if (kind === NEIGHBOUR_SOLICITATION) this.noteAt(bytes, isNothing(bytes, sender) ? target : sender, time);
  }

  /** The same of a claim that was read elsewhere. */
  hearClaim(claimed: string | undefined, time: number): void {
    if (claimed?.includes(':') !== true) return;
    this.address.set(wordsOf(claimed));
    this.note(time);
  }

  counts(): PrefixCount[] {
    return [...this.counted.values()].map(({ prefix, frames, lastHeard }) => ({ prefix, frames, lastHeard }));
  }

  private noteAt(bytes: Uint8Array, at: number, time: number): void {
    if (at < 0) return;
    for (let word = 0; word < 4; word++) this.address[word] = uint32At(bytes, at + 4 * word);
    this.note(time);
  }

  private note(time: number): void {
    const { address } = this;
    for (const mask of this.masks) {
      const found = this.places.get(hashOfWords(address, mask));
      if (found === undefined) continue;
      for (const one of found) {
        if (!isWithin(address, mask, one.words)) continue;
        one.frames++;
        if (time > one.lastHeard) one.lastHeard = time;
      }
    }
  }
}

function maskOf(length: number): Uint32Array {
  return Uint32Array.from([0, 1, 2, 3], (word) => {
    const bits = Math.min(32, Math.max(0, length - 32 * word));
    return bits === 0 ? 0 : 0xffffffff << (32 - bits);
  });
}

function hashOfWords(words: Uint32Array, mask: Uint32Array): number {
  let hash = 0;
  for (let word = 0; word < 4; word++)
    hash = hashOfPair(hash ^ (mask[word] ?? 0), (words[word] ?? 0) & (mask[word] ?? 0));
  return hash;
}

/** A prefix has no host bits, so that it is its own mask's; one of another length has other words there, or the same ones. */
function isWithin(address: Uint32Array, mask: Uint32Array, prefix: Uint32Array): boolean {
  for (let word = 0; word < 4; word++)
    if (((address[word] ?? 0) & (mask[word] ?? 0)) >>> 0 !== (prefix[word] ?? 0)) return false;
  return true;
}

function isNothing(bytes: Uint8Array, at: number): boolean {
  if (at < 0) return true;
  for (let word = 0; word < 4; word++) if (uint32At(bytes, at + 4 * word) !== 0) return false;
  return true;
}
