import type { Findings, Grants, Observation, PrimaryFinding, Rule } from '../../../projections/index.js';
import type { KeptFrame } from '../evidence/kept-frame.js';
import type { HeardNow } from './heard-now.js';
import { basisOf } from './judge-basis.js';
import { MinuteBudget } from './judge-budget.js';
import { type InFlight, InFlightFindings } from './judge-in-flight.js';
import type { JudgeLimits, StoredVerdicts } from './judge-limits.js';
import type { Remembered } from './judge-memories.js';
import { type Heard, OpenViolations } from './judge-repeats.js';
import {
  budgetPlaceOf,
  detectionOf,
  groupIdentityOf,
  type HeardFrame,
  Identity,
  type Verdict,
} from './judge-verdict.js';

/** A frame's primary finding, and what it is counted as. */
export interface Weighed {
  readonly found: PrimaryFinding;
  readonly findings: Findings;
  readonly observation: Observation;
  readonly own: Identity;
  /** The grants it was found by. */
  readonly then: Grants;
  /** The moment whose grants these are, ms since 1970. */
  readonly asOf: number;
}

interface Kept extends Weighed {
  readonly frames: readonly HeardFrame[];
  readonly isGroup: boolean;
  readonly again?: Heard;
}

export interface KeeperOptions {
  readonly stored: StoredVerdicts;
  readonly limits: JudgeLimits;
  /** What a rule read from its memory for the frame that is weighed. */
  readonly notesOf: (rule: Rule) => readonly Remembered[];
  readonly onFrameKept: ((frame: KeptFrame) => void) | undefined;
}

/** Group identities kept spelled; there are a few for each port that is flooded. */
const mostGroups = 4_096;

/**
 * What becomes of findings: which wait for billing, which are violations of their own, how many of a port are told apart,
 * what is told of repeats, and which frames are kept. Time is what it is told.
 */
export class ViolationKeeper {
  /** Frames counted in a group because their port had used up what is told apart. */
  grouped = 0;
  private readonly inFlight: InFlightFindings;
  private readonly violations: OpenViolations;
  private readonly identities: MinuteBudget;
  private readonly repeats: MinuteBudget;
  private readonly groups = new Map<string, Map<string, Identity>>();

  constructor(private readonly options: KeeperOptions) {
    const { limits } = options;
    this.inFlight = new InFlightFindings(limits.inFlightWindowMs, limits.waitingFindings);
    this.violations = new OpenViolations(limits.repeatWindowMs, limits.openViolations);
    this.identities = new MinuteBudget(limits.identitiesPerMinute);
    this.repeats = new MinuteBudget(limits.repeatsPerMinute);
  }

  get open(): number {
    return this.violations.size;
  }

  get waiting(): number {
    return this.inFlight.size;
  }

  /** True where more findings wait than may: the one that has waited longest is to be judged again at once. */
  get isOverfull(): boolean {
    return this.inFlight.isOverfull;
  }

  /** When something is due; Infinity when nothing is. */
  get nextDue(): number {
    return Math.min(this.inFlight.nextDue, this.violations.nextDue);
  }

  /** The earliest moment whose grants what waits will ask for, ms since 1970; Infinity when nothing waits. */
  get waitsSince(): number {
    return this.inFlight.oldestFrame;
  }

  /** The finding that has waited longest, where it is due then; taken out, to be judged again. */
  takeWaiting(due = Number.POSITIVE_INFINITY): InFlight | undefined {
    return this.inFlight.nextDue <= due ? this.inFlight.takeNext() : undefined;
  }

  /** Ends the count of repeats that is due first. */
  endNext(): Verdict[] {
    return this.violations.endNext();
  }

  /** The detection of this violation could not be stored: its next frame is a detection again. */
  forget(violationId: string): void {
    this.violations.forget(violationId);
  }

  /** @param frame gives a copy of the frame, where it was one; asked for only where it is kept */
  weigh(weighed: Weighed & { observation: HeardNow }, clock: number, frame: (() => HeardFrame) | undefined): Verdict[] {
    const { found, observation, own } = weighed;
    const { inFlight } = this;
    const { waitingAPort, keptFrames } = this.options.limits;
    if (!this.mayWait(weighed)) {
      const isWanted = frame !== undefined && this.wantsFrameOf(own.text);
      return this.keep({ ...weighed, frames: isWanted ? [frame()] : noFrames, isGroup: false }, clock);
    }
    const place = budgetPlaceOf(observation);
    const isTold = inFlight.get(own.text) !== undefined || inFlight.waitingAt(place) < waitingAPort;
    const identity = isTold ? own.text : this.groupOf(found.rule, place).text;
    const waiting = inFlight.get(identity);
    if (waiting !== undefined) {
      const { sensor, frameTime } = observation;
      inFlight.heardAgain(waiting, { sensor, count: 1, first: frameTime, last: frameTime });
      if (frame !== undefined && waiting.frames.length < keptFrames) (waiting.frames as HeardFrame[]).push(frame());
      return [];
    }
    const frames = frame === undefined ? [] : [frame()];
    const still = { observation: observation.still(), ordinal: weighed.then.ordinal };
    inFlight.add({ identity, place, ...still, isGroup: !isTold, frames }, clock);
    return [];
  }

  /** A finding that waited stands: it is kept as `weigh` keeps others. */
  keepWaited(weighed: Weighed, { frames, isGroup, again }: InFlight, clock: number): Verdict[] {
    return this.keep({ ...weighed, frames, isGroup, again }, clock);
  }

  /** What is judged anew waits, where it may, as if it had been found at its own time. */
  weighAnew(weighed: Weighed, clock: number): Verdict[] {
    const { observation, own, then, asOf } = weighed;
    if (asOf > observation.frameTime || !this.mayWait(weighed))
      return this.keep({ ...weighed, frames: noFrames, isGroup: false }, clock);
    const waiting = { identity: own.text, place: budgetPlaceOf(observation), observation, ordinal: then.ordinal };
    if (this.inFlight.get(own.text) === undefined)
      this.inFlight.add({ ...waiting, isGroup: false, frames: noFrames }, observation.frameTime);
    return [];
  }

  /** A violation that is known already does not wait. */
  private mayWait({ found, own }: Weighed): boolean {
    if (!found.rule.mayBeInFlight || this.violations.has(own.text)) return false;
    return !this.options.stored.isViolation(own.violationId);
  }

  private wantsFrameOf(identity: string): boolean {
    return !this.violations.has(identity) || this.violations.wantsFrames(identity, this.options.limits.keptFrames);
  }

  /** A first frame is a detection, every other one a repeat; `again` counts frames like it that were held back. */
  private keep(kept: Kept, clock: number): Verdict[] {
    const { observation, frames, again } = kept;
    const { violations } = this;
    const { sensor, frameTime: time } = observation;
    const { identity, isGroup } = this.countedAs(kept, clock);
    const { text } = identity;
    const verdicts: Verdict[] = [];
    const isOpen = violations.has(text);
    const isStored = isOpen || this.options.stored.isViolation(identity.violationId);
    if (!isOpen) verdicts.push(...violations.open(text, identity.violationId));
    if (isStored) violations.repeat(text, { sensor, count: 1, first: time, last: time }, clock);
    else verdicts.push(this.detection(identity.violationId, kept, isGroup));
    if (again !== undefined) violations.repeat(text, again, clock);
    // Of a violation that was stored before this judge began, the first frames were kept then.
    if (isOpen || !isStored) for (const frame of frames) this.keepFrame(text, sensor, frame);
    return verdicts;
  }

  /** Its own violation, or that of all others of its rule and port, where the port has used up what is told apart. */
  private countedAs(
    { found, own, observation, isGroup }: Kept,
    clock: number,
  ): { identity: Identity; isGroup: boolean } {
    const place = budgetPlaceOf(observation);
    if (!isGroup) {
      const { violations } = this;
      if (violations.isCounting(own.text)) return { identity: own, isGroup };
      const isKnown = violations.has(own.text) || this.options.stored.isViolation(own.violationId);
      const budget = isKnown ? this.repeats : this.identities;
      if (budget.take(place, clock)) return { identity: own, isGroup };
      this.grouped++;
    }
    return { identity: this.groupOf(found.rule, place), isGroup: true };
  }

  private groupOf(rule: Rule, place: string): Identity {
    const ofRule = this.groups.get(rule.name) ?? new Map<string, Identity>();
    const known = ofRule.get(place);
    if (known !== undefined) return known;
    if (ofRule.size >= mostGroups) ofRule.clear();
    this.groups.set(rule.name, ofRule);
    const fresh = new Identity(groupIdentityOf(rule, place));
    ofRule.set(place, fresh);
    return fresh;
  }

  private detection(violationId: string, kept: Kept, isGroup: boolean): Verdict {
    const { found, findings, observation, then, asOf } = kept;
    const { sensor, frameTime: time } = observation;
    const data = detectionOf({
      violationId,
      found,
      alsoMatched: findings.found.slice(1).map(({ rule }) => rule.name),
      heard: observation,
      ordinal: then.ordinal,
      basis: basisOf(found.rule, observation, then, this.options.notesOf(found.rule)),
      isGroup,
    });
    return { type: 'ViolationDetected', data, sensor, time, asOf };
  }

  private keepFrame(identity: string, sensor: string, frame: HeardFrame): void {
    const violationId = this.violations.keepOneMore(identity, this.options.limits.keptFrames);
    if (violationId !== undefined) this.options.onFrameKept?.({ violationId, sensor, ...frame });
  }
}

const noFrames: readonly HeardFrame[] = [];
