import {
  allFindings,
  type Findings,
  type Grants,
  type Observation,
  type PrimaryFinding,
  type Rule,
  rules,
} from '../../../projections/index.js';
import { ExceptionHits } from '../exceptions/exception-hits.js';
import type { KeptFrame } from '../evidence/kept-frame.js';
import type { GrantsOverTime } from './grants/dated-grants.js';
import { type HomeAccount, heardAtHome, HomesById } from './home-account.js';
import { basisOf } from './judge-basis.js';
import { MinuteBudget } from './judge-budget.js';
import { type InFlight, InFlightFindings } from './judge-in-flight.js';
import { NotingMemories } from './judge-memories.js';
import { type Heard, OpenViolations } from './judge-repeats.js';
import { type LastSeen, MacSightings } from './judge-sightings.js';
import {
  budgetPlaceOf,
  detectionOf,
  groupIdentityOf,
  type HeardFrame,
  identityOf,
  type Verdict,
  violationIdOf,
} from './judge-verdict.js';

/** What the log already has, so that a restarted judge goes on instead of beginning anew. */
export interface StoredVerdicts {
  isViolation(violationId: string): boolean;
  readonly lastSeen: LastSeen;
}

export interface JudgeLimits {
  /** How long a finding waits for billing's event, ms. */
  readonly inFlightWindowMs: number;
  /** At most this many findings wait; above it the one that has waited longest is judged at once. */
  readonly waitingFindings: number;
  /** Findings of one port that wait, told apart; above it those of a rule wait as one. */
  readonly waitingAPort: number;
  /** At most one ViolationRepeated in this time for each violation, ms. */
  readonly repeatWindowMs: number;
  /** Violations kept in memory; one let go is found again in the log. */
  readonly openViolations: number;
  /** MacSeen events for each port and minute. */
  readonly sightingsPerMinute: number;
  /** Violations of one port told apart in a minute; above it those of a rule are one, with a count and a sample. */
  readonly identitiesPerMinute: number;
  /** Repeats of one port told apart in a minute; above it they are counted for the same group. */
  readonly repeatsPerMinute: number;
  /** Frames kept as evidence of each violation. */
  readonly keptFrames: number;
}

export const judgeLimits: JudgeLimits = {
  inFlightWindowMs: 5_000,
  waitingFindings: 4_096,
  waitingAPort: 64,
  repeatWindowMs: 10_000,
  openViolations: 100_000,
  sightingsPerMinute: 20,
  identitiesPerMinute: 20,
  repeatsPerMinute: 60,
  keptFrames: 10,
};

/** Where the judge tells what is no verdict. */
export interface JudgeListeners {
  readonly onFrameKept?: (frame: KeptFrame) => void;
}

/** A clock behind the frames by more than this was set back, ms. */
const setBackMs = 60_000;

/**
 * Judges what is heard against what was granted, and tells only changes of verdict. It cannot change the map.
 * Time comes from the frames and from `flush` alone: the same frames against the same grants give the same verdicts,
 * however they are dealt out. Where the grants are known over time, each frame is judged by those of its own moment, and a
 * finding that waited is settled by those of the moment it was due.
 */
export class Judge {
  readonly sightings: MacSightings;
  /** What exceptions excused since this judge began. */
  readonly exceptionHits = new ExceptionHits();
  private readonly limits: JudgeLimits;
  private readonly memories: NotingMemories;
  private readonly inFlight: InFlightFindings;
  private readonly open: OpenViolations;
  private readonly identities: MinuteBudget;
  private readonly repeats: MinuteBudget;
  private clock = Number.NEGATIVE_INFINITY;
  private due = Number.POSITIVE_INFINITY;
  private grouped = 0;
  private exceptions = 0;
  private lastIdentity: string | undefined;

  /**
   * @param asked the rules to judge by, where not all of them as they are
   * @param homes who keeps account of bound MACs heard at home, where others hear some of them too
   */
  constructor(
    private readonly stored: StoredVerdicts,
    limits: Partial<JudgeLimits> = {},
    private readonly asked: readonly Rule[] = rules,
    private readonly listeners: JudgeListeners = {},
    private readonly homes: HomeAccount = new HomesById(),
  ) {
    this.limits = { ...judgeLimits, ...limits };
    this.memories = new NotingMemories((serverId) => homes.heardAt(serverId));
    this.inFlight = new InFlightFindings(this.limits.inFlightWindowMs, this.limits.waitingFindings);
    this.open = new OpenViolations(this.limits.repeatWindowMs, this.limits.openViolations);
    this.sightings = new MacSightings(stored.lastSeen, this.limits.sightingsPerMinute);
    this.identities = new MinuteBudget(this.limits.identitiesPerMinute);
    this.repeats = new MinuteBudget(this.limits.repeatsPerMinute);
  }

  get counts(): JudgeCounts {
    const { grouped, exceptions } = this;
    const suppressedSightings = this.sightings.suppressed;
    return { open: this.open.size, inFlight: this.inFlight.size, suppressedSightings, grouped, exceptions };
  }

  /** When something that waits is due; Infinity when nothing is. */
  get nextDue(): number {
    return this.due;
  }

  /** What the frame judged last is counted as; undefined where nothing was found. Frames quite like it are `again` that. */
  get heardAs(): string | undefined {
    return this.lastIdentity;
  }

  /** True while more frames of what is counted so are wanted as evidence. */
  wantsFrames(identity: string): boolean {
    const waiting = this.inFlight.get(identity);
    if (waiting !== undefined) return waiting.frames.length < this.limits.keptFrames;
    return this.open.wantsFrames(identity, this.limits.keptFrames);
  }

  /** @param frame gives a copy of the frame, where it was one; asked for only where it is kept */
  observe(observation: Observation, grants: Grants | GrantsOverTime, frame?: () => HeardFrame): Verdict[] {
    const verdicts = this.advance(observation.frameTime, grants);
    verdicts.push(...this.sightings.see(observation, this.clock));
    const then = asOf(grants, observation.frameTime);
    this.memories.forgetNotes();
    const findings = allFindings(observation, then, this.memories, this.asked);
    const home = heardAtHome(observation, then);
    if (home !== undefined) this.homes.note(home, observation.frameTime);
    for (const { exceptionId } of findings.excepted) {
      this.exceptions++;
      this.exceptionHits.add({ exceptionId, hits: 1, lastHit: observation.frameTime });
    }
    this.lastIdentity = undefined;
    const [primary] = findings.found;
    if (primary !== undefined) verdicts.push(...this.weigh(primary, findings, observation, then, grants, frame));
    this.due = Math.min(this.inFlight.nextDue, this.open.nextDue);
    return verdicts;
  }

  /** Counts frames quite like one that was judged, which `heardAs` named; nothing is due before their time. */
  again(identity: string, heard: Heard): void {
    const waiting = this.inFlight.get(identity);
    if (waiting === undefined) this.open.repeat(identity, heard, this.clock);
    else this.inFlight.heardAgain(waiting, heard);
    this.due = Math.min(this.inFlight.nextDue, this.open.nextDue);
  }

  /** Settles what has waited long enough at `now`, ms since 1970. */
  flush(now: number, grants: Grants | GrantsOverTime): Verdict[] {
    const isSetBack = now < this.clock - setBackMs;
    const verdicts = isSetBack ? this.settleUntil(Number.MAX_VALUE, grants) : this.advance(now, grants);
    if (isSetBack) this.clock = now;
    this.due = Math.min(this.inFlight.nextDue, this.open.nextDue);
    return verdicts;
  }

  /** The detection of this violation could not be stored: its next frame is a detection again. */
  forget(violationId: string): void {
    this.open.forget(violationId);
  }

  private advance(time: number, grants: Grants | GrantsOverTime): Verdict[] {
    if (time <= this.clock) return [];
    const verdicts = time < this.due ? [] : this.settleUntil(time, grants);
    this.clock = time;
    return verdicts;
  }

  /** Settling one thing may start another that is due as well, so they are taken one by one in the order of time. */
  private settleUntil(time: number, grants: Grants | GrantsOverTime): Verdict[] {
    const verdicts: Verdict[] = [];
    for (;;) {
      const due = Math.min(this.inFlight.nextDue, this.open.nextDue);
      if (due > time) return verdicts;
      this.clock = Math.max(this.clock, due);
      verdicts.push(...(this.inFlight.nextDue <= due ? this.judgeAgain(asOf(grants, due)) : this.open.endNext()));
    }
  }

  private weigh(
    found: PrimaryFinding,
    findings: Findings,
    observation: Observation,
    then: Grants,
    grants: Grants | GrantsOverTime,
    frame: (() => HeardFrame) | undefined,
  ): Verdict[] {
    const own = identityOf(found.rule, found.finding, observation);
    const isNew = !this.open.has(own) && !this.stored.isViolation(violationIdOf(own));
    if (!found.rule.mayBeInFlight || !isNew) {
      const frames = frame !== undefined && this.wantsFrameOf(own) ? [frame()] : [];
      return this.keep({ found, findings, observation, then, frames, isGroup: false });
    }
    const place = budgetPlaceOf(observation);
    const isTold = this.inFlight.get(own) !== undefined || this.inFlight.waitingAt(place) < this.limits.waitingAPort;
    const identity = isTold ? own : groupIdentityOf(found.rule, place);
    this.lastIdentity = identity;
    const waiting = this.inFlight.get(identity);
    if (waiting !== undefined) {
      const { sensor, frameTime } = observation;
      this.inFlight.heardAgain(waiting, { sensor, count: 1, first: frameTime, last: frameTime });
      if (frame !== undefined && waiting.frames.length < this.limits.keptFrames)
        (waiting.frames as HeardFrame[]).push(frame());
      return [];
    }
    const frames = frame === undefined ? [] : [frame()];
    this.inFlight.add({ identity, place, observation, isGroup: !isTold, frames }, this.clock);
    return this.inFlight.isOverfull ? this.judgeAgain(asOf(grants, this.clock)) : [];
  }

  private wantsFrameOf(identity: string): boolean {
    return !this.open.has(identity) || this.open.wantsFrames(identity, this.limits.keptFrames);
  }

  /** Judges the finding that has waited longest by what billing says now. */
  private judgeAgain(then: Grants): Verdict[] {
    const waited = this.inFlight.takeNext();
    if (waited === undefined) return [];
    const { observation } = waited;
    this.memories.forgetNotes();
    const readOnly = this.memories.readOnly();
    const findings = allFindings(observation, then, readOnly, this.asked);
    const [found] = findings.found;
    if (found === undefined) return [];
    return this.keep({ found, findings, observation, then, ...waitedWith(waited) });
  }

  /** A first frame is a detection, every other one a repeat; `again` counts frames like it that were held back. */
  private keep(kept: Kept): Verdict[] {
    const { found, observation, frames, again } = kept;
    const { sensor, frameTime: time } = observation;
    const place = budgetPlaceOf(observation);
    const own = identityOf(found.rule, found.finding, observation);
    const { identity, isGroup } = this.countedAs(own, kept, place);
    this.lastIdentity = identity;
    const verdicts: Verdict[] = [];
    const isOpen = this.open.has(identity);
    const violationId = isOpen ? '' : violationIdOf(identity);
    const isStored = isOpen || this.stored.isViolation(violationId);
    if (!isOpen) verdicts.push(...this.open.open(identity, violationId));
    if (isStored) this.open.repeat(identity, { sensor, count: 1, first: time, last: time }, this.clock);
    else verdicts.push(this.detection(violationId, kept, isGroup));
    if (again !== undefined) this.open.repeat(identity, again, this.clock);
    // Of a violation that was stored before this judge began, the first frames were kept then.
    if (isOpen || !isStored) for (const frame of frames) this.keepFrame(identity, sensor, frame);
    return verdicts;
  }

  /** Its own violation, or that of all others of its rule and port, where the port has used up what is told apart. */
  private countedAs(own: string, { found, isGroup }: Kept, place: string): { identity: string; isGroup: boolean } {
    const group = { identity: groupIdentityOf(found.rule, place), isGroup: true };
    if (isGroup) return group;
    const isTold = this.open.isCounting(own);
    if (isTold) return { identity: own, isGroup };
    const isKnown = this.open.has(own) || this.stored.isViolation(violationIdOf(own));
    const budget = isKnown ? this.repeats : this.identities;
    if (budget.take(place, this.clock)) return { identity: own, isGroup };
    this.grouped++;
    return group;
  }

  private detection(violationId: string, { found, findings, observation, then }: Kept, isGroup: boolean): Verdict {
    const { sensor, frameTime: time } = observation;
    const data = detectionOf({
      violationId,
      found,
      alsoMatched: findings.found.slice(1).map(({ rule }) => rule.name),
      heard: observation,
      ordinal: then.ordinal,
      basis: basisOf(found.rule, observation, then, this.memories.notesOf(found.rule)),
      isGroup,
    });
    return { type: 'ViolationDetected', data, sensor, time };
  }

  private keepFrame(identity: string, sensor: string, frame: HeardFrame): void {
    const violationId = this.open.keepOneMore(identity, this.limits.keptFrames);
    if (violationId !== undefined) this.listeners.onFrameKept?.({ violationId, sensor, ...frame });
  }
}

/** What the judge has going on. */
export interface JudgeCounts {
  readonly open: number;
  readonly inFlight: number;
  readonly suppressedSightings: number;
  /** Frames counted in a group because their port had used up what is told apart. */
  readonly grouped: number;
  /** Findings that an exception excused. */
  readonly exceptions: number;
}

interface Kept {
  readonly found: PrimaryFinding;
  readonly findings: Findings;
  readonly observation: Observation;
  readonly then: Grants;
  readonly frames: readonly HeardFrame[];
  readonly isGroup: boolean;
  readonly again?: Heard;
}

function waitedWith({ frames, isGroup, again }: InFlight): Pick<Kept, 'frames' | 'isGroup' | 'again'> {
  return { frames, isGroup, again };
}

function asOf(grants: Grants | GrantsOverTime, time: number): Grants {
  return 'asOf' in grants ? grants.asOf(time) : grants;
}
