import type { Outcome, Refused } from './outcome.js';
import type { PendingFact } from './pending-fact.js';

/** The facts of one request, also while it is sent again. */
export class Batch {
  readonly subjects: ReadonlySet<string>;
  /** The first refused fact of each subject that has one. */
  readonly refusals = new Map<string, Refused>();
  /** Subjects of which the fate of a fact is not known. */
  readonly stopped = new Set<string>();
  private readonly ending = new AbortController();

  constructor(private readonly facts: readonly PendingFact[]) {
    this.subjects = new Set(facts.map(({ subject }) => subject));
    this.endIfUnwanted();
  }

  get unwanted(): AbortSignal {
    return this.ending.signal;
  }

  endIfUnwanted(): void {
    if (this.facts.every(({ isSettled }) => isSettled)) this.ending.abort();
  }

  /** What is still to be sent: not what nobody waits for, nor what would then overtake it. */
  wanted(): PendingFact[] {
    return this.facts.filter((fact) => {
      if (fact.isSettled) this.stopped.add(fact.subject);
      const isStopped = this.stopped.has(fact.subject);
      if (isStopped) fact.fail(`nobody waits for one before it in ${fact.subject}, whose fate is not known`);
      return !isStopped;
    });
  }

  settle(facts: readonly PendingFact[], outcomes: readonly Outcome[]): void {
    outcomes.forEach((outcome, index) => {
      const fact = facts[index];
      if (fact === undefined) return;
      if (!outcome.stored && !this.refusals.has(fact.subject)) this.refusals.set(fact.subject, outcome);
      fact.answer(outcome);
    });
  }

  stop(why: string, cause: unknown): void {
    for (const fact of this.facts) {
      this.stopped.add(fact.subject);
      fact.fail(why, cause);
    }
  }
}
