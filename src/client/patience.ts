import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, NoAnswer } from './connection.js';

/** How long is waited before the next attempt. */
export interface Pauses {
  /** Before the second attempt, ms; twice as long before each later one. */
  readonly firstMs: number;
  readonly longestMs: number;
}

export const usualPauses: Pauses = { firstMs: 100, longestMs: 10_000 };

/** Not now: what was said, and how long the engine asks to wait. */
export class Later {
  constructor(
    readonly why: string,
    readonly askedMs?: number,
  ) {}
}

/** Nobody waits for an answer any more, or none will ever come. */
export class GaveUp extends Error {
  constructor(
    readonly attempts: number,
    why: string,
    options?: ErrorOptions,
  ) {
    super(why, options);
  }
}

/** Asks again until there is an answer, in pauses that grow and are never quite the same: clients that failed together must not come back together. */
export class Patience {
  /** Until when the engine asked all of this client's requests to wait, on a clock that nobody sets. */
  private notBefore = 0;

  constructor(
    private readonly pauses: Pauses = usualPauses,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * @param once asks one time; a rejection with NoAnswer is an attempt that failed
   * @param signal nobody waits any more. It ends a pause, never an attempt.
   * Rejects with GaveUp, or with any other error of `once`.
   */
  async ask<Value extends object>(once: () => Promise<Value | Later>, signal: AbortSignal): Promise<Value> {
    let said = 'the time was up before it was its turn';
    for (let attempt = 0; ; attempt++) {
      await this.pause(attempt, signal);
      if (signal.aborted) throw new GaveUp(attempt, said, { cause: signal.reason });
      const answer = await once().catch((error: unknown) => {
        if (!(error instanceof NoAnswer)) throw error;
        if (error.isFinal) throw new GaveUp(attempt + 1, error.message, { cause: error.cause });
        return new Later(error.message);
      });
      if (!(answer instanceof Later)) return answer;
      said = answer.why;
      if (answer.askedMs !== undefined) this.notBefore = Math.max(this.notBefore, performance.now() + answer.askedMs);
    }
  }

  /** What the engine asked for in full, and beyond it a part of what the number of attempts gives. */
  private async pause(attempt: number, signal: AbortSignal): Promise<void> {
    const grown = attempt === 0 ? 0 : Math.min(this.pauses.longestMs, this.pauses.firstMs * 2 ** (attempt - 1));
    const asked = Math.max(0, this.notBefore - performance.now());
    const own = grown * (0.5 + this.random() / 2);
    const ms = asked === 0 ? own : asked + this.random() * this.pauses.firstMs;
    if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** Undefined for an answer that counts: everything but "ask later" and what a proxy says in the engine's place. */
export function laterOf({ status, headers, body }: Answer): Later | undefined {
  if (status < 500 && status !== 408 && status !== 429) return undefined;
  const { detail } = (typeof body === 'object' && body !== null ? body : {}) as { detail?: unknown };
  return new Later(
    `answered ${status}${typeof detail === 'string' ? `, ${detail}` : ''}`,
    retryAfterMs(headers.get('retry-after')),
  );
}

/** Seconds or a date (RFC 9110 section 10.2.3). */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const ms = Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
