import { predecessorRefused } from './answer.js';
import type { Envelope } from './envelope.js';
import type { Fact } from './fact.js';
import type { Outcome, Refused } from './outcome.js';
import type { Waiting } from './pending-fact.js';

/** How far it is. */
export interface Progress {
  /** Taken from the source so far. */
  readonly taken: number;
  readonly stored: number;
  readonly refused: number;
  /** Of the stored ones: those that claim what another server holds. */
  readonly conflicted: number;
}

export interface PublishingAll extends Waiting {
  /** So many facts may be taken and not answered; no more is taken from the source until there is room. Default 2,000. */
  readonly mostWaiting?: number;
  /** What became of each, as it is known: in order within a subject. */
  readonly onOutcome?: (fact: Fact, outcome: Outcome) => void;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Published extends Progress {
  /** Set where the token was refused: the rest of the source was not taken. */
  readonly stoppedBy?: Refused;
}

const usualMostWaiting = 2_000;

/**
 * Publishes whatever a source gives, at the pace of the engine. A fact whose predecessor was refused in this run is refused as well,
 * however much later it comes. Rejects with the first UnansweredError, or what a callback or the source threw, once all that was
 * taken is settled: publish the same source again, what is stored is not stored twice.
 */
export class PublishAll {
  private taken = 0;
  private stored = 0;
  private refused = 0;
  private conflicted = 0;
  private waiting = 0;
  private stoppedBy: Refused | undefined;
  private failure: { readonly error: unknown } | undefined;
  private readonly refusedOf = new Map<string, Refused>();
  private room: () => void = () => undefined;
  private stop: () => void = () => undefined;
  private readonly stopping = new Promise<undefined>((resolve) => (this.stop = () => resolve(undefined)));

  constructor(
    private readonly publish: (fact: Fact, waiting: Waiting) => Promise<Outcome>,
    private readonly envelopeOf: (fact: Fact) => Envelope,
    private readonly options: PublishingAll,
  ) {}

  async run(facts: AsyncIterable<Fact> | Iterable<Fact>): Promise<Published> {
    const { signal } = this.options;
    const onAbort = (): void => this.fail(signal?.reason);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    await this.takeAll(facts).catch((error: unknown) => this.fail(error));
    while (this.waiting > 0) await this.someAnswer();
    signal?.removeEventListener('abort', onAbort);
    if (this.failure !== undefined) throw this.failure.error;
    return { ...this.progress(), ...(this.stoppedBy === undefined ? {} : { stoppedBy: this.stoppedBy }) };
  }

  /** Ends with the source, or as soon as there is a reason: a source that gives nothing for hours must not hide it. */
  private async takeAll(facts: AsyncIterable<Fact> | Iterable<Fact>): Promise<void> {
    const source = Symbol.asyncIterator in facts ? facts[Symbol.asyncIterator]() : facts[Symbol.iterator]();
    for (;;) {
      while (this.waiting >= (this.options.mostWaiting ?? usualMostWaiting) && !this.isStopped) await this.someAnswer();
      const next = this.isStopped ? undefined : await Promise.race([source.next(), this.stopping]);
      if (next === undefined) break;
      if (next.done === true) return;
      this.take(next.value);
    }
    // It may still be busy with what it was asked for last.
    void Promise.resolve(source.return?.()).catch(() => undefined);
  }

  private get isStopped(): boolean {
    return this.failure !== undefined || this.stoppedBy !== undefined;
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.stop();
  }

  private take(fact: Fact): void {
    this.taken++;
    const { id, subject } = this.envelopeOf(fact);
    const before = this.refusedOf.get(subject);
    const outcome =
      before === undefined
        ? this.publish(fact, this.options)
        : Promise.resolve(predecessorRefused(id, subject, before));
    this.waiting++;
    void outcome
      .then((known) => this.tell(fact, subject, known))
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.waiting--;
        this.room();
      });
  }

  private tell(fact: Fact, subject: string, outcome: Outcome): void {
    if (outcome.stored) {
      this.stored++;
      if (outcome.conflicts.length > 0) this.conflicted++;
    } else {
      this.refused++;
      if (!this.refusedOf.has(subject)) this.refusedOf.set(subject, outcome);
      if (outcome.status === 401) {
        this.stoppedBy ??= outcome;
        this.stop();
      }
    }
    this.options.onOutcome?.(fact, outcome);
    this.options.onProgress?.(this.progress());
  }

  private progress(): Progress {
    const { taken, stored, refused, conflicted } = this;
    return { taken, stored, refused, conflicted };
  }

  private someAnswer(): Promise<void> {
    return new Promise((resolve) => (this.room = resolve));
  }
}
