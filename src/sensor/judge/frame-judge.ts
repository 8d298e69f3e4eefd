import type { Vlan } from '../../../events/index.js';
import { type Observation, type Rule, rules, thresholds } from '../../../projections/index.js';
import type { CaptureRecord } from '../capture/capture-record.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { captureMillis } from '../capture/captured-frame.js';
import { observe } from '../capture/claims.js';
import type { DecodedFrame } from '../capture/decoded-frame.js';
import { spellOut } from '../capture/frame-decoder.js';
import { ARP_REQUEST, type FrameFields, MALFORMED } from '../capture/frame-fields.js';
import { placeByVlan } from '../capture/place-by-vlan.js';
import { MacPlaces } from '../tables/mac-places.js';
import type { KeptFrame } from '../evidence/kept-frame.js';
import type { DatedGrants } from './grants/dated-grants.js';
import { PackedHomes } from './grants/packed-homes.js';
import { Judge, type JudgeCounts, type JudgeLimits, judgeLimits, type StoredVerdicts } from './judge.js';
import type { HeardFrame, Verdict } from './judge-verdict.js';
import { type Circumstances, KnownFrames } from './known-frames.js';
import { DadWatch } from './sieve/dad-watch.js';
import { hashOfAddress, PortMeter, unspecified } from './sieve/port-meter.js';
import { Sieve, sameMac } from './sieve/sieve.js';
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

/**
 * Judges frames as they are captured: the sieve clears what is normal, frames like one judged a moment ago are counted, and
 * the rules look at the rest. Pure but for its memory: the same frames and grants give the same verdicts.
 */
export class FrameJudge {
  readonly judge: Judge;
  private readonly limits: FrameLimits;
  private readonly known = new KnownFrames();
  private readonly watch = new DadWatch(thresholds.dadWindowMs);
  private readonly homes: PackedHomes;
  private readonly heard: HeardSource[] = [];
  private readonly places: MacPlaces;
  readonly scorecard = new Scorecard();

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
    const { sightings } = this.judge;
    const { packed } = this.options.grants.index;
    const sieve = new Sieve(source, packed, this.watch, {
      at: (port) => sightings.at(port),
      lastIs: (port, vlan, high, low) => sameMac(sightings.last(port, vlan as Vlan), high, low),
    });
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
    const { meter } = heard;
    meter?.count(bytes, fields, time);
    if (time >= this.judge.nextDue) this.settle(time);
    this.watch.advance(time);
    const isLoud = meter?.isLoud ?? false;
    if (!isLoud && heard.sieve.clears(bytes, fields)) {
      this.homes.noteAt(heard.sieve.cleared, time);
      return;
    }
    this.scorecard.count(bytes, fields, time);
    const { grants } = this.options;
    const { packed } = grants.index;
    const isSettled = time >= grants.lastChange;
    const under: Circumstances = { source: sourceNumber, version: packed.version, isLoud };
    if (isSettled && this.known.counts(bytes, fields, under, time)) return;
    if (!heard.budget.take(time)) {
      heard.sampled++;
      return;
    }
    this.judgeInFull(heard, fields, record, time);
    const { heardAs } = this.judge;
    if (!isSettled || (heardAs !== undefined && this.judge.wantsFrames(heardAs))) return;
    this.known.counts(bytes, fields, under, time);
    this.known.remember(heardAs, heard.source.name, under, time);
  }

  /** Hears a frame that somebody else has read: it is judged in full. */
  hearDecoded(sourceNumber: number, frame: DecodedFrame): void {
    const heard = this.sourceAt(sourceNumber);
    const observation = observe(frame, heard.source);
    heard.frames++;
    heard.lastFrameTime = Math.max(heard.lastFrameTime, captureMillis(frame.time));
    if (observation === undefined) heard.unbelievable++;
    else this.observe(this.placed(observation));
  }

  /** Hears what is no frame: a row of a table, a message of a switch, a frame that somebody else read. */
  observe(observation: Observation, frame?: () => HeardFrame): void {
    this.places.learn(observation);
    this.tell();
    this.emit(this.judge.observe(observation, this.options.grants, frame));
  }

  /** Settles what has waited long enough at `now`, ms since 1970, and forgets what no frame needs any more. */
  flush(now: number): void {
    this.settle(now);
    this.options.grants.advance(now);
  }

  /** The detection of this violation could not be stored: its next frame is a detection again. */
  forget(violationId: string): void {
    this.tell();
    this.known.forget();
    this.judge.forget(violationId);
  }

  private judgeInFull(heard: HeardSource, fields: FrameFields, record: CaptureRecord, time: number): void {
    const { bytes, start, end, seconds, nanoseconds, originalLength, linkType } = record;
    const decoded = spellOut(bytes, fields, record.number, { seconds, nanoseconds });
    const observed = observe(decoded, heard.source);
    if (observed === undefined) {
      heard.unbelievable++;
      return;
    }
    this.watchTentative(bytes, fields, observed, time);
    const placed = this.placed(observed);
    const observation = heard.meter === undefined ? placed : { ...placed, traffic: heard.meter.traffic };
    this.observe(observation, () => ({
      time: decoded.time,
      bytes: bytes.slice(start, end),
      originalLength,
      linkType,
    }));
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
    this.tell();
    this.emit(this.judge.flush(time, this.options.grants));
  }

  private tell(): void {
    this.known.tell((identity, heard) => this.judge.again(identity, heard));
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
