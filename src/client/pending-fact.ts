import type { Envelope } from './envelope.js';
import { UnansweredError } from './errors.js';
import type { Outcome } from './outcome.js';

/** How long somebody waits for an answer. */
export interface Waiting {
  /** Ms from now; default 60,000. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export const usualDeadlineMs = 60_000;

/** A fact on its way, until it is answered or nobody waits any more. */
export class PendingFact {
  readonly subject: string;
  readonly id: string;
  /** As it is sent. */
  readonly text: string;
  readonly bytes: number;
  /** How often it was sent. */
  attempts = 0;
  isSettled = false;
  readonly outcome: Promise<Outcome>;
  private readonly about: string;
  private settle: (outcome: Outcome) => void = () => undefined;
  private reject: (error: UnansweredError) => void = () => undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort: () => void;

  /** @param onGivenUp called when nobody waits any more, once */
  constructor(
    envelope: Envelope,
    { deadlineMs = usualDeadlineMs, signal }: Waiting,
    private readonly onGivenUp: () => void,
  ) {
    this.subject = envelope.subject;
    this.id = envelope.id;
    this.text = JSON.stringify(envelope);
    this.bytes = Buffer.byteLength(this.text) + 1;
    this.about = `The fact ${envelope.id} of ${envelope.source}`;
    this.outcome = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.reject = reject;
    });
    this.timer = setTimeout(() => this.giveUp(`nobody waits longer than ${deadlineMs} ms`), deadlineMs);
    this.onAbort = () => this.giveUp('its publisher waits no longer', signal?.reason);
    this.signal = signal;
    if (signal?.aborted === true) this.onAbort();
    else signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  private readonly signal: AbortSignal | undefined;

  answer(outcome: Outcome): void {
    if (this.end()) this.settle(outcome);
  }

  /** There will be no answer. */
  fail(why: string, cause?: unknown): void {
    if (!this.end()) return;
    this.reject(new UnansweredError(this.about, this.attempts, this.attempts > 0, why, { cause }));
  }

  private giveUp(why: string, cause?: unknown): void {
    this.fail(why, cause);
    this.onGivenUp();
  }

  private end(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.onAbort);
    return true;
  }
}
