import { formatMac, type Vlan } from '../../../events/index.js';
import { type Observation, type Rule, rules, thresholds } from '../../../projections/index.js';
import type { CaptureRecord } from '../capture/capture-record.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { captureMillis } from '../capture/captured-frame.js';
import { uint16At, uint32At } from '../capture/frame-bytes.js';
import { observe } from '../capture/claims.js';
import type { DecodedFrame } from '../capture/decoded-frame.js';
import { spellOut } from '../capture/frame-decoder.js';
import { ARP_REQUEST, type FrameFields, MALFORMED } from '../capture/frame-fields.js';
import { placeByVlan } from '../capture/place-by-vlan.js';
import { MacPlaces } from '../tables/mac-places.js';
import type { KeptFrame } from '../evidence/kept-frame.js';
import type { DatedGrants } from './grants/dated-grants.js';
import { PackedHomes } from './grants/packed-homes.js';
import { Judge, type JudgeCounts, type Refuted } from './judge.js';
import { type JudgeLimits, judgeLimits, type StoredVerdicts } from './judge-limits.js';
import { sightingOf } from './judge-sightings.js';
import type { HeardFrame, Verdict } from './judge-verdict.js';
import { KnownFrames } from './known-frames.js';
import { PrefixUse } from './prefix-use.js';
import type { Ruling } from './ruling.js';
import { DadWatch } from './sieve/dad-watch.js';
import { hashOfAddress, PortMeter, unspecified } from './sieve/port-meter.js';
import { Sieve } from './sieve/sieve.js';
import { SecondBudget } from './sieve/second-budget.js';
import { Scorecard } from './sieve/scorecard.js';

/** What a source was counted for. */
export interface SourceCounts {
  /** ARP and ND frames, and of those the ones that no host would believe. */
  readonly frames: number;
  readonly unbelievable: number;
  /** Frames that were counted and not judged, because the port had used up its second. */
  readonly sampled: number;
  /** Capture time of the latest frame, ms since 1970; absent before the first. */
  readonly lastFrameTime?: number;
}

export interface FrameJudgeOptions {
  readonly grants: DatedGrants;
  readonly stored: StoredVerdicts;
  readonly limits?: Partial<FrameLimits>;
  readonly rules?: readonly Rule[];
  readonly onVerdicts: (verdicts: readonly Verdict[]) => void;
  /** The earliest moment whose grants a verdict that was told rests on, where it is still looked at again; ms since 1970. */
  readonly heldSince?: () => number;
  readonly onFrameKept?: (frame: KeptFrame) => void;
}

export interface FrameLimits extends JudgeLimits {
  /** Frames of one source that the rules look at in a second of the frames' time; above it they are counted as sampled. */
  readonly judgedPerSecond: number;
  /** A MAC is taken to be where a MAC table showed it for so long, ms. */
  readonly macPlaceMs: number;
}

export const frameLimits: FrameLimits = {
  ...judgeLimits,
  judgedPerSecond: 5_000,
  macPlaceMs: thresholds.macTableAgeMs,
};

/** A frame that was judged, and is to be judged alike for as long as the grants are of this version. */
interface KnownFrame {
  readonly version: number;
  readonly ruling: Ruling;
  /** As it was heard, before a MAC table named its port. */
  readonly observed: Observation;
}

/**
 * Judges frames as they are captured: the sieve clears what is normal, of frames like one judged before only what moves is
 * asked anew, and the rules look at the rest. All this changes nothing of the verdicts: they are those of `Judge` alone.
 * Pure but for its memory: the same frames and grants give the same verdicts.
 */
export class FrameJudge {
  readonly judge: Judge;
  private readonly limits: FrameLimits;
  private readonly known = new KnownFrames<KnownFrame>();
  private readonly watch = new DadWatch(thresholds.dadWindowMs);
  private readonly homes: PackedHomes;
  private readonly heard: HeardSource[] = [];
  private readonly places: MacPlaces;
  readonly scorecard = new Scorecard();
  readonly prefixUse = new PrefixUse();

  constructor(private readonly options: FrameJudgeOptions) {
    const { grants, stored, onFrameKept } = options;
    this.limits = { ...frameLimits, ...options.limits };
    this.homes = new PackedHomes(grants.index.packed);
    this.places = new MacPlaces(this.limits.macPlaceMs);
    const listeners = onFrameKept === undefined ? {} : { onFrameKept };
    this.judge = new Judge(stored, this.limits, options.rules ?? rules, listeners, this.homes);
  }

  get counts(): JudgeCounts {
    return this.judge.counts;
  }

  /** What a source was counted for, by the number `addSource` gave. */
  countsOf(source: number): SourceCounts {
    const { frames, unbelievable, sampled, lastFrameTime } = this.sourceAt(source);
    return { frames, unbelievable, sampled, ...(lastFrameTime > 0 && { lastFrameTime }) };
  }

  /** A source to hear frames from; returns its number. */
  addSource(source: CaptureSource): number {
    const sieve = new Sieve(source, this.options.grants.index.packed, this.watch, this.judge.sightings);
    return this.heard.push(new HeardSource(source, sieve, this.limits.judgedPerSecond)) - 1;
  }

  /** Hears one ARP or ND frame; `fields` and `record` are looked at now and not kept. */
  hear(sourceNumber: number, fields: FrameFields, record: CaptureRecord): void {
    const heard = this.sourceAt(sourceNumber);
    const { bytes } = record;
    const time = record.seconds * 1000 + record.nanoseconds / 1e6;
    heard.frames++;
    if (time > heard.lastFrameTime) heard.lastFrameTime = time;
    if (fields.kind === MALFORMED || fields.problem !== 0 || fields.etherSource < 0) {
      heard.unbelievable++;
      return;
    }
    const { meter, sieve } = heard;
    meter?.count(bytes, fields, time);
    if (this.prefixUse.isWatching) this.prefixUse.hear(bytes, fields, time);
    if (time >= this.judge.nextDue) this.settle(time);
    this.judge.pass(time);
    this.watch.advance(time);
    if (meter?.isLoud !== true && sieve.clears(bytes, fields)) {
      this.homes.noteAt(sieve.cleared, time);
      if (sieve.unseen !== undefined) this.see(heard, bytes, fields, time);
      return;
    }
    this.scorecard.count(bytes, fields, time);
    const { grants } = this.options;
    const isSettled = time >= grants.lastChange;
    const known = isSettled ? this.known.find(bytes, fields, sourceNumber) : undefined;
    if (known?.version === grants.index.packed.version && this.judgeAlike(known, fields, record, time)) return;
    if (!heard.budget.take(time)) {
      heard.sampled++;
      return;
    }
    const judged = this.judgeInFull(heard, fields, record, time);
    if (judged !== undefined && isSettled) this.known.remember(judged);
  }

  /** Hears a frame that somebody else has read: it is judged in full. */
  hearDecoded(sourceNumber: number, frame: DecodedFrame): void {
    const heard = this.sourceAt(sourceNumber);
    const observation = observe(frame, heard.source);
    heard.frames++;
    heard.lastFrameTime = Math.max(heard.lastFrameTime, captureMillis(frame.time));
    if (observation === undefined) heard.unbelievable++;
    else {
      this.prefixUse.hearClaim(observation.claimedAddress, observation.frameTime);
      this.observe(this.placed(observation));
    }
  }

  /** Hears what is no frame: a row of a table, a message of a switch, a frame that somebody else read. */
  observe(observation: Observation, frame?: () => HeardFrame): void {
    this.places.learn(observation);
    this.emit(this.judge.observe(observation, this.options.grants, frame));
  }

  /** Settles what has waited long enough at `now`, ms since 1970, and forgets what no frame needs any more. */
  flush(now: number): void {
    this.settle(now);
    const { grants, heldSince } = this.options;
    grants.advance(now, () => Math.min(this.judge.waitsSince, heldSince?.() ?? Number.POSITIVE_INFINITY));
  }

  /** A detection rests on what was not so at its moment: what was heard is judged anew by the grants of that moment. */
  judgeAnew(refuted: Refuted): void {
    this.emit(this.judge.judgeAnew(refuted, this.options.grants));
  }

  /** The detection of this violation could not be stored: its next frame is a detection again. */
  forget(violationId: string): void {
    this.judge.forget(violationId);
  }

  /** Notes a MAC that the sieve cleared at a port that showed another one last. */
  private see({ sieve, source }: HeardSource, bytes: Uint8Array, { etherSource }: FrameFields, time: number): void {
    const { unseen: seen, clearedVlan } = sieve;
    if (seen === undefined) return;
    const bits = uint16At(bytes, etherSource) * 0x100000000 + uint32At(bytes, etherSource + 2);
    if (!this.judge.isNews(seen, clearedVlan, bits)) return;
    const data = { port: seen.port, vlan: clearedVlan as Vlan, mac: formatMac(bits) };
    this.emit([sightingOf(data, source.name, time)]);
  }

  private judgeInFull(
    heard: HeardSource,
    fields: FrameFields,
    record: CaptureRecord,
    time: number,
  ): KnownFrame | undefined {
    const { bytes, number, seconds, nanoseconds } = record;
    const decoded = spellOut(bytes, fields, number, { seconds, nanoseconds });
    const observed = observe(decoded, heard.source);
    if (observed === undefined) {
      heard.unbelievable++;
      return undefined;
    }
    const { grants } = this.options;
    const { version } = grants.index.packed;
    this.watchTentative(bytes, fields, observed, time);
    const placed = this.placed(observed);
    const observation = heard.meter === undefined ? placed : { ...placed, traffic: heard.meter };
    const { verdicts, ruling } = this.judge.judge(observation, grants, () => copyOf(record));
    this.emit(verdicts);
    return { version, ruling, observed };
  }

  /** Judges a frame quite like one that was judged; false where a MAC table names another port now. */
  private judgeAlike(known: KnownFrame, fields: FrameFields, record: CaptureRecord, time: number): boolean {
    const { ruling, observed } = known;
    const { observation } = ruling;
    if (observed.attribution === 'mac-table') {
      const { port } = this.places.placed({ ...observed, frameTime: time });
      if (port !== observation.port) return false;
    }
    this.watchTentative(record.bytes, fields, observation, time);
    this.emit(this.judge.again(ruling, time, this.options.grants, () => copyOf(record)));
    return true;
  }

  /** With its port, where the VLAN or a MAC table names it. */
  private placed(observation: Observation): Observation {
    const { attribution, frameTime } = observation;
    if (attribution === 'vlan') return placeByVlan(observation, this.options.grants.asOf(frameTime));
    return attribution === 'mac-table' ? this.places.placed(observation) : observation;
  }

  private watchTentative(bytes: Uint8Array, fields: FrameFields, observation: Observation, time: number): void {
    const isProbe = fields.kind === ARP_REQUEST && observation.claimedAddress === undefined;
    if ((!observation.tentative && !isProbe) || fields.target < 0) return;
    const hash = hashOfAddress(bytes, fields.target, fields.addressBytes);
    if (hash !== unspecified) this.watch.add(hash, time);
  }

  private settle(time: number): void {
    this.emit(this.judge.flush(time, this.options.grants));
  }

  private emit(verdicts: readonly Verdict[]): void {
    if (verdicts.length > 0) this.options.onVerdicts(verdicts);
  }

  private sourceAt(number: number): HeardSource {
    const heard = this.heard[number];
    if (heard === undefined) throw new RangeError(`There is no source ${number}: add it before its frames are heard.`);
    return heard;
  }
}

/** One source and what is counted for it. */
class HeardSource {
  frames = 0;
  unbelievable = 0;
  sampled = 0;
  lastFrameTime = 0;
  /** Where a source hears many ports, their traffic cannot be told apart and is not counted. */
  readonly meter: PortMeter | undefined;
  readonly budget: SecondBudget;

  constructor(
    readonly source: CaptureSource,
    readonly sieve: Sieve,
    judgedPerSecond: number,
  ) {
    this.meter = source.attribution === 'interface' ? new PortMeter() : undefined;
    this.budget = new SecondBudget(judgedPerSecond);
  }
}

/** The bytes alone: what they were read from is filled again. */
function copyOf({ bytes, start, end, seconds, nanoseconds, originalLength, linkType }: CaptureRecord): HeardFrame {
  const copy = Uint8Array.prototype.slice.call(bytes, start, end);
  return { time: { seconds, nanoseconds }, bytes: copy, originalLength, linkType };
}
