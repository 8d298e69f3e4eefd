import type { ViolationDetected } from '../../../events/index.js';
import { type Grants, type Observation, type Rule, rules } from '../../../projections/index.js';
import { observationOf } from './stored-observation.js';
import type { GrantsOverTime } from './grants/dated-grants.js';
import { basisOf, type LookUp, recalling } from './judge-basis.js';
import type { Remembered } from './judge-memories.js';
import type { Refuted } from './judge.js';
import type { Verdict } from './judge-verdict.js';

export interface HeldVerdictsOptions {
  readonly grants: GrantsOverTime;
  readonly rules?: readonly Rule[];
  /** Asks to be told, by `learntAll`, when the judge has learnt everything that was recorded before this moment. */
  readonly ask: () => void;
  /** Verdicts that may be stored. */
  readonly release: (verdicts: readonly Verdict[]) => void;
  /** What a detection rests on was not so at its moment: the judge takes it back, and judges anew. */
  readonly judgeAnew: (refuted: Refuted) => void;
}

/**
 * Verdicts on their way to the log, in their order. A frame may be judged some milliseconds before the news of a change
 * that was recorded ahead of its capture: so a detection is held until the judge knows everything recorded before it was
 * made, and looked at again by the grants of its own moment. Nobody is asked twice at a time: what comes meanwhile is
 * held for the next answer.
 */
export class HeldVerdicts {
  private asked: Verdict[] = [];
  private next: Verdict[] = [];

  constructor(private readonly options: HeldVerdictsOptions) {}

  /** The earliest moment whose grants a held detection rests on, ms since 1970; Infinity when none is held. */
  get since(): number {
    let since = Number.POSITIVE_INFINITY;
    for (const verdicts of [this.asked, this.next])
      for (const verdict of verdicts)
        if (verdict.type === 'ViolationDetected') since = Math.min(since, verdict.asOf ?? since);
    return since;
  }

  hold(verdicts: readonly Verdict[]): void {
    const isIdle = this.asked.length + this.next.length === 0;
    if (isIdle && !verdicts.some(({ type }) => type === 'ViolationDetected')) return this.options.release(verdicts);
    this.next.push(...verdicts);
    if (this.asked.length === 0) this.askForNext();
  }

  /** Everything that was recorded before the judge asked is in the grants. */
  learntAll(): void {
    const { asked } = this;
    this.asked = [];
    this.settle(asked);
    if (this.asked.length === 0) this.askForNext();
  }

  /** Lets go of everything, by what is known: nobody will answer any more. */
  close(): void {
    for (let rounds = 0; rounds < 3 && this.asked.length + this.next.length > 0; rounds++) {
      const all = [...this.asked, ...this.next];
      [this.asked, this.next] = [[], []];
      this.settle(all);
    }
  }

  private askForNext(): void {
    if (this.next.length === 0) return;
    this.asked = this.next;
    this.next = [];
    this.options.ask();
  }

  private settle(verdicts: readonly Verdict[]): void {
    const { grants, release, judgeAnew } = this.options;
    const refuted = new Map<string, Refuted>();
    const standing = verdicts.filter((verdict) => {
      if (verdict.type === 'ViolationRepeated') return !refuted.has(verdict.data.violationId);
      if (verdict.type !== 'ViolationDetected' || verdict.asOf === undefined) return true;
      const { data, time, asOf } = verdict;
      const observation = { ...observationOf(data), frameTime: time };
      if (stands(data, observation, grants.asOf(asOf), this.options.rules ?? rules)) return true;
      refuted.set(data.violationId, { violationId: data.violationId, observation, moment: asOf });
      return false;
    });
    if (standing.length > 0) release(standing);
    for (const one of refuted.values()) judgeAnew(one);
  }
}

/** True where the rule is still the first to find something, and is given the same answers by these grants. */
function stands(violation: ViolationDetected, heard: Observation, then: Grants, asked: readonly Rule[]): boolean {
  if (then.ordinal === (violation.judgedAtOrdinal ?? -1)) return true;
  const remembered = (JSON.parse(violation.basis) as readonly LookUp[]).filter(isRemembered);
  const memory = recalling(remembered);
  // What the others remember is not asked: the judge has the last word where one of them finds something.
  const first = asked.find(
    (rule) => rule.judge(heard, then, memory) !== undefined && then.exceptionFor(rule.name, heard) === undefined,
  );
  return first?.name === violation.rule && basisOf(first, heard, then, remembered) === violation.basis;
}

function isRemembered(lookUp: LookUp): lookUp is Remembered {
  return lookUp[0] === 'remembered' || lookUp[0] === 'heardAtHome';
}
