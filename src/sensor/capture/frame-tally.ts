import { asideNames, isDamage, isTunnel, LINK_TYPE } from './frame-aside.js';
import { type FrameFields, frameKinds, MALFORMED } from './frame-fields.js';
import { problemNames } from './frame-problem.js';
import { linkTypeName } from './link-type.js';

/** A hostile file may name 65,536 link types: beyond so many they are counted together. */
const MOST_LINK_TYPES = 32;
const otherLinkTypes = -1;

/** What became of the frames of a capture. Only what was there at least once is named. */
export interface FrameCounts {
  readonly frames: number;
  readonly arp: number;
  readonly nd: number;
  /** ARP and ND by kind, malformed ones left out. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Frames that cannot be read, by what is wrong: ARP, ND, and damage below them. */
  readonly malformed: Readonly<Record<string, number>>;
  /** ND that can be read but that no host believes, by what is wrong. */
  readonly unbelievable: Readonly<Record<string, number>>;
  /** Tunnels, whose inside is not looked into. */
  readonly tunnels: Readonly<Record<string, number>>;
  /** Frames of link types that are not read. */
  readonly skippedLinkTypes: Readonly<Record<string, number>>;
}

/** Counts frames as they are read; costs no memory for each. */
export class FrameTally {
  /** All of them, whatever became of them. */
  frames = 0;
  private readonly kinds = new Float64Array(MALFORMED + 1);
  private readonly malformedBy = new Float64Array(problemNames.length);
  private readonly unbelievableBy = new Float64Array(problemNames.length);
  private readonly asides = new Float64Array(asideNames.length);
  private readonly linkTypes = new Map<number, number>();

  /** Counts one frame that `readFrame` has filled in, whatever it said. */
  add(fields: FrameFields, linkType: number): void {
    const { kind, problem, aside } = fields;
    this.frames++;
    count(this.kinds, kind);
    count(this.asides, aside);
    if (problem !== 0) count(kind === MALFORMED ? this.malformedBy : this.unbelievableBy, problem);
    if (aside !== LINK_TYPE) return;
    const isListed = this.linkTypes.has(linkType) || this.linkTypes.size < MOST_LINK_TYPES;
    const key = isListed ? linkType : otherLinkTypes;
    this.linkTypes.set(key, (this.linkTypes.get(key) ?? 0) + 1);
  }

  counts(): FrameCounts {
    const kinds = named(frameKinds, this.kinds.subarray(1));
    const of = (prefix: boolean): number =>
      frameKinds.reduce((sum, kind) => sum + (kind.startsWith('arp') === prefix ? (kinds[kind] ?? 0) : 0), 0);
    return {
      frames: this.frames,
      arp: of(true),
      nd: of(false),
      kinds,
      malformed: { ...named(problemNames, this.malformedBy), ...this.asidesThat(isDamage) },
      unbelievable: named(problemNames, this.unbelievableBy),
      tunnels: this.asidesThat(isTunnel),
      skippedLinkTypes: Object.fromEntries(
        [...this.linkTypes].map(([type, frames]) => [type === otherLinkTypes ? 'others' : linkTypeName(type), frames]),
      ),
    };
  }

  private asidesThat(wanted: (aside: number) => boolean): Record<string, number> {
    return named(
      asideNames,
      this.asides.map((frames, aside) => (wanted(aside) ? frames : 0)),
    );
  }
}

function count(counters: Float64Array, code: number): void {
  counters[code] = (counters[code] ?? 0) + 1;
}

function named(names: readonly string[], counters: Float64Array): Record<string, number> {
  const there = names.map((name, code) => [name, counters[code] ?? 0] as const).filter(([, frames]) => frames > 0);
  return Object.fromEntries(there);
}
