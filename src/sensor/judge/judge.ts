import {
  allFindings,
  type Grants,
  type Observation,
  primaryFinding,
  type Rule,
  rules,
} from '../../../projections/index.js';
import { ExceptionHits } from '../exceptions/exception-hits.js';
import type { KeptFrame } from '../evidence/kept-frame.js';
import type { GrantsOverTime } from './grants/dated-grants.js';
import { type HomeAccount, HomesById } from './home-account.js';
import type { InFlight } from './judge-in-flight.js';
import { type JudgeLimits, judgeLimits, type StoredVerdicts } from './judge-limits.js';
import { NotingMemories } from './judge-memories.js';
import { MacSightings, type PortSightings } from './judge-sightings.js';
import { type HeardFrame, Identity, identityOf, type Verdict } from './judge-verdict.js';
import { type AskedRule, Ruling } from './ruling.js';
import { ViolationKeeper, type Weighed } from './violation-keeper.js';

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
  private readonly memories: NotingMemories;
  private readonly asked: readonly AskedRule[];
  private readonly keeper: ViolationKeeper;
  private clock = Number.NEGATIVE_INFINITY;
  private due = Number.POSITIVE_INFINITY;
  private exceptions = 0;

  /**
   * @param rules the rules to judge by, where not all of them as they are
   * @param homes who keeps account of bound MACs heard at home, where others hear some of them too
   */
  constructor(
    stored: StoredVerdicts,
    limits: Partial<JudgeLimits> = {},
    private readonly rulesAsked: readonly Rule[] = rules,
    { onFrameKept }: JudgeListeners = {},
    private readonly homes: HomeAccount = new HomesById(),
  ) {
    const all = { ...judgeLimits, ...limits };
    this.memories = new NotingMemories((serverId, mac) =>
      mac === undefined ? undefined : homes.heardAt(serverId, mac),
    );
    this.asked = rulesAsked.map((rule) => ({ rule, memory: this.memories.of(rule) }));
    const notesOf = (rule: Rule): ReturnType<NotingMemories['notesOf']> => this.memories.notesOf(rule);
    this.keeper = new ViolationKeeper({ stored, limits: all, notesOf, onFrameKept });
    this.sightings = new MacSightings(stored.lastSeen, all.sightingsPerMinute);
  }

  get counts(): JudgeCounts {
    const { keeper, exceptions } = this;
    const { open, waiting: inFlight, grouped } = keeper;
    return { open, inFlight, suppressedSightings: this.sightings.suppressed, grouped, exceptions };
  }

  /** @param frame gives a copy of the frame, where it was one; asked for only where it is kept */
  observe(observation: Observation, grants: Grants | GrantsOverTime, frame?: () => HeardFrame): Verdict[] {
    return this.judge(observation, grants, frame).verdicts;
  }

  /** As `observe`; also gives what the rules said, to be said `again` of frames quite like this one. */
  judge(
    observation: Observation,
    grants: Grants | GrantsOverTime,
    frame?: () => HeardFrame,
  ): { readonly verdicts: Verdict[]; readonly ruling: Ruling } {
    const verdicts = this.advance(observation.frameTime, grants);
    const sighting = this.sightings.sightingIn(observation);
    if (sighting !== undefined) verdicts.push(...this.sightings.note(sighting, observation.frameTime, this.clock));
    this.memories.forgetNotes();
    const ruling = new Ruling(observation, asOf(grants, observation.frameTime), this.asked, sighting);
    verdicts.push(...this.tell(ruling, grants, frame));
    return { verdicts, ruling };
  }

  /**
   * As `observe` of a frame quite like the one that was ruled on, captured at this time (ms since 1970), where the grants
   * of its moment are still those.
   */
  again(ruling: Ruling, time: number, grants: Grants | GrantsOverTime, frame?: () => HeardFrame): Verdict[] {
    const verdicts = this.advance(time, grants);
    const { sighting } = ruling;
    if (sighting !== undefined) verdicts.push(...this.sightings.note(sighting, time, this.clock));
    this.memories.forgetNotes();
    ruling.hearAgain(time);
    verdicts.push(...this.tell(ruling, grants, frame));
    return verdicts;
  }

  /** When something that waits is due; Infinity when nothing is. */
  get nextDue(): number {
    return this.due;
  }

  /** The earliest moment whose grants will be asked for again, ms since 1970; Infinity when none will. */
  get waitsSince(): number {
    return this.keeper.waitsSince;
  }

  /** A frame that no rule finds anything in was captured, before anything is due. */
  pass(time: number): void {
    if (time > this.clock) this.clock = time;
  }

  /** Notes the MAC of such a frame (48 bits), heard where the port is a fact; true where it is to be told. */
  isNews(seen: PortSightings, vlan: number, mac: number): boolean {
    return this.sightings.isNews(seen, vlan, mac, this.clock);
  }

  /** Settles what has waited long enough at `now`, ms since 1970. */
  flush(now: number, grants: Grants | GrantsOverTime): Verdict[] {
    const isSetBack = now < this.clock - setBackMs;
    const verdicts = isSetBack ? this.settleUntil(Number.MAX_VALUE, grants) : this.advance(now, grants);
    if (isSetBack) this.clock = now;
    this.due = this.keeper.nextDue;
    return verdicts;
  }

  /**
   * A detection rests on what was not so at its moment: it is forgotten, and what was heard is judged anew by the grants of
   * that moment.
   */
  judgeAnew({ violationId, observation, moment }: Refuted, grants: Grants | GrantsOverTime): Verdict[] {
    this.keeper.forget(violationId);
    const weighed = this.weighed(observation, moment, grants);
    const verdicts = weighed === undefined ? [] : this.keeper.weighAnew(weighed, this.clock);
    this.due = this.keeper.nextDue;
    return verdicts;
  }

  /** The detection of this violation could not be stored: its next frame is a detection again. */
  forget(violationId: string): void {
    this.keeper.forget(violationId);
  }

  private advance(time: number, grants: Grants | GrantsOverTime): Verdict[] {
    if (time <= this.clock) return [];
    const verdicts = time < this.due ? [] : this.settleUntil(time, grants);
    this.clock = time;
    return verdicts;
  }

  /** Settling one thing may start another that is due as well, so they are taken one by one in the order of time. */
  private settleUntil(time: number, grants: Grants | GrantsOverTime): Verdict[] {
    const { keeper } = this;
    const verdicts: Verdict[] = [];
    for (;;) {
      const due = keeper.nextDue;
      if (due > time) return verdicts;
      this.clock = Math.max(this.clock, due);
      verdicts.push(...(this.judgeWaiting(grants, due, due) ?? keeper.endNext()));
    }
  }

  private tell(
    ruling: Ruling,
    grants: Grants | GrantsOverTime,
    frame: (() => HeardFrame) | undefined,
  ): readonly Verdict[] {
    const { observation, findings, home } = ruling;
    if (home !== undefined) this.homes.note(home, observation.etherSource, observation.frameTime);
    for (const { exceptionId } of findings.excepted) {
      this.exceptions++;
      this.exceptionHits.add({ exceptionId, hits: 1, lastHit: observation.frameTime });
    }
    const [found] = findings.found;
    if (found === undefined) return none;
    const own = ruling.identityOf(found);
    const verdicts = this.keeper.weigh(
      { found, findings, observation, own, then: ruling.grants, asOf: observation.frameTime },
      this.clock,
      frame,
    );
    if (this.keeper.isOverfull) verdicts.push(...(this.judgeWaiting(grants, this.clock) ?? none));
    this.due = this.keeper.nextDue;
    return verdicts;
  }

  /** Judges the finding that has waited longest, where it is due then, by what billing says at `moment`; undefined where none is. */
  private judgeWaiting(grants: Grants | GrantsOverTime, moment: number, due?: number): readonly Verdict[] | undefined {
    const waited = this.keeper.takeWaiting(due);
    if (waited === undefined) return undefined;
    const { observation } = waited;
    const mayWait = this.hasReasonToWait(waited, asOf(grants, observation.frameTime));
    const weighed = this.weighed(observation, mayWait ? moment : observation.frameTime, grants);
    return weighed === undefined ? none : this.keeper.keepWaited(weighed, waited, this.clock);
  }

  /** News of what was recorded before the frame may have come after it: then it should not have waited. */
  private hasReasonToWait({ observation, ordinal }: InFlight, own: Grants): boolean {
    if (own.ordinal === ordinal) return true;
    return primaryFinding(observation, own, this.memories.readOnly(), this.rulesAsked)?.rule.mayBeInFlight ?? false;
  }

  /** What rules find by the grants of a moment in what was heard before; undefined for nothing. */
  private weighed(observation: Observation, moment: number, grants: Grants | GrantsOverTime): Weighed | undefined {
    const then = asOf(grants, moment);
    this.memories.forgetNotes();
    const findings = allFindings(observation, then, this.memories.readOnly(), this.rulesAsked);
    const [found] = findings.found;
    if (found === undefined) return undefined;
    const own = new Identity(identityOf(found.rule, found.finding, observation));
    return { found, findings, observation, own, then, asOf: moment };
  }
}

/** A detection that is taken back before it was stored. */
export interface Refuted {
  readonly violationId: string;
  readonly observation: Observation;
  /** By whose grants it was judged, ms since 1970: the frame's own, or the end of the window where the finding has waited. */
  readonly moment: number;
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

const none: readonly never[] = [];

function asOf(grants: Grants | GrantsOverTime, time: number): Grants {
  return 'asOf' in grants ? grants.asOf(time) : grants;
}
