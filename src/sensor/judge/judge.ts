import {
  type Grants,
  type Observation,
  type PrimaryFinding,
  primaryFinding,
  type Rule,
  type RuleMemories,
  ruleMemories,
  rules,
} from '../../../projections/index.js';
import { InFlightFindings } from './judge-in-flight.js';
import { type Heard, OpenViolations } from './judge-repeats.js';
import { type LastSeen, MacSightings } from './judge-sightings.js';
import { detectionOf, identityOf, type Verdict, violationIdOf } from './judge-verdict.js';

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
  /** At most one ViolationRepeated in this time for each violation, ms. */
  readonly repeatWindowMs: number;
  /** Violations kept in memory; one let go is found again in the log. */
  readonly openViolations: number;
  /** MacSeen events for each port and minute. */
  readonly sightingsPerMinute: number;
}

export const judgeLimits: JudgeLimits = {
  inFlightWindowMs: 5_000,
  waitingFindings: 4_096,
  repeatWindowMs: 10_000,
  openViolations: 100_000,
  sightingsPerMinute: 20,
};

/** A clock behind the frames by more than this was set back, ms. */
const setBackMs = 60_000;

/**
 * Judges what is heard against what was granted, and tells only changes of verdict. It cannot change the map.
 * Time comes from the frames and from `flush` alone: the same frames against the same grants give the same verdicts,
 * however they are dealt out.
 */
export class Judge {
  private readonly limits: JudgeLimits;
  private readonly memories: RuleMemories = ruleMemories();
  private readonly inFlight: InFlightFindings;
  private readonly open: OpenViolations;
  private readonly sightings: MacSightings;
  private clock = Number.NEGATIVE_INFINITY;

  /** @param asked the rules to judge by, where not all of them as they are */
  constructor(
    private readonly stored: StoredVerdicts,
    limits: Partial<JudgeLimits> = {},
    private readonly asked: readonly Rule[] = rules,
  ) {
    this.limits = { ...judgeLimits, ...limits };
    this.inFlight = new InFlightFindings(this.limits.inFlightWindowMs, this.limits.waitingFindings);
    this.open = new OpenViolations(this.limits.repeatWindowMs, this.limits.openViolations);
    this.sightings = new MacSightings(stored.lastSeen, this.limits.sightingsPerMinute);
  }

  get counts(): { readonly open: number; readonly inFlight: number; readonly suppressedSightings: number } {
    return { open: this.open.size, inFlight: this.inFlight.size, suppressedSightings: this.sightings.suppressed };
  }

  observe(observation: Observation, grants: Grants): Verdict[] {
    const verdicts = this.advance(observation.frameTime, grants);
    verdicts.push(...this.sightings.see(observation, this.clock));
    const found = primaryFinding(observation, grants, this.memories, this.asked);
    if (found !== undefined) verdicts.push(...this.weigh(found, observation, grants));
    return verdicts;
  }

  /** Settles what has waited long enough at `now`, ms since 1970. */
  flush(now: number, grants: Grants): Verdict[] {
    if (now >= this.clock - setBackMs) return this.advance(now, grants);
    const verdicts = this.settleUntil(Number.MAX_VALUE, grants);
    this.clock = now;
    return verdicts;
  }

  /** The detection of this violation could not be stored: its next frame is a detection again. */
  forget(violationId: string): void {
    this.open.forget(violationId);
  }

  private advance(time: number, grants: Grants): Verdict[] {
    if (time <= this.clock) return [];
    const verdicts = this.settleUntil(time, grants);
    this.clock = time;
    return verdicts;
  }

  /** Settling one thing may start another that is due as well, so they are taken one by one in the order of time. */
  private settleUntil(time: number, grants: Grants): Verdict[] {
    const verdicts: Verdict[] = [];
    for (;;) {
      const due = Math.min(this.inFlight.nextDue, this.open.nextDue);
      if (due > time) return verdicts;
      this.clock = Math.max(this.clock, due);
      verdicts.push(...(this.inFlight.nextDue <= due ? this.judgeAgain(grants) : this.open.endNext()));
    }
  }

  private weigh(found: PrimaryFinding, observation: Observation, grants: Grants): Verdict[] {
    const identity = identityOf(found.rule, found.finding, observation);
    if (this.inFlight.has(identity)) {
      this.inFlight.heardAgain(identity, observation);
      return [];
    }
    const isNew = !this.open.has(identity) && !this.stored.isViolation(violationIdOf(identity));
    if (!isNew || !found.rule.mayBeInFlight) return this.keep(found, observation, grants);
    this.inFlight.add(identity, observation, this.clock);
    return this.inFlight.isOverfull ? this.judgeAgain(grants) : [];
  }

  /** Judges the finding that has waited longest by what billing says now. */
  private judgeAgain(grants: Grants): Verdict[] {
    const waited = this.inFlight.takeNext();
    if (waited === undefined) return [];
    const found = primaryFinding(waited.observation, grants, this.memories, this.asked);
    return found === undefined ? [] : this.keep(found, waited.observation, grants, waited.again);
  }

  /** A first frame is a detection, every other one a repeat; `again` counts frames like it that were held back. */
  private keep(found: PrimaryFinding, observation: Observation, grants: Grants, again?: Heard): Verdict[] {
    const identity = identityOf(found.rule, found.finding, observation);
    const { sensor, frameTime: time } = observation;
    const verdicts: Verdict[] = [];
    const isOpen = this.open.has(identity);
    const violationId = isOpen ? '' : violationIdOf(identity);
    const isStored = isOpen || this.stored.isViolation(violationId);
    if (!isOpen) verdicts.push(...this.open.open(identity, violationId));
    if (isStored) this.open.repeat(identity, { sensor, count: 1, first: time, last: time }, this.clock);
    else {
      const data = detectionOf(violationId, found, observation, grants.ordinal);
      verdicts.push({ type: 'ViolationDetected', data, sensor, time });
    }
    if (again !== undefined) this.open.repeat(identity, again, this.clock);
    return verdicts;
  }
}
