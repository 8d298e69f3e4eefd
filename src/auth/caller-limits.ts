import { ProblemError } from '../ops/problem.js';
import type { BoundedLog } from './bounded-log.js';
import { type Principal, spoken } from './principal.js';

/** What a second brings each caller. */
export interface CallerRates {
  readonly requestsPerSecond: number;
  readonly eventsPerSecond: number;
}

/** What is counted. */
export const limitedKinds = ['requests', 'events'] as const;
export type LimitedKind = (typeof limitedKinds)[number];

/** So many seconds' worth may come at once after a pause. */
const burstSeconds = 10;
const mostCallers = 10_000;

interface Budget {
  left: number;
  at: number;
}

/**
 * How much one token or user may ask for: a bucket for requests and one for events, filled by the second up to ten seconds' worth.
 * Whoever has anything left may spend more than that, and then waits until it is earned: so a whole batch passes under any limit.
 */
export class CallerLimits {
  private readonly budgets: Readonly<Record<LimitedKind, Map<string, Budget>>> = {
    requests: new Map(),
    events: new Map(),
  };
  private readonly refused: Record<LimitedKind, number> = { requests: 0, events: 0 };

  constructor(
    private readonly rates: CallerRates,
    private readonly log?: BoundedLog,
    /** A clock that nobody sets, ms. */
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Requests refused so far, by what there was too much of. */
  refusals(kind: LimitedKind): number {
    return this.refused[kind];
  }

  /** Throws a ProblemError 429 with `Retry-After` (RFC 6585 section 4) where the caller has nothing left. */
  spend(kind: LimitedKind, caller: Principal, amount = 1): void {
    const rate = kind === 'requests' ? this.rates.requestsPerSecond : this.rates.eventsPerSecond;
    const now = this.monotonic();
    const budgets = this.budgets[kind];
    const { callerId } = caller;
    const budget = budgets.get(callerId) ?? { left: rate * burstSeconds, at: now };
    budget.left = Math.min(rate * burstSeconds, budget.left + ((now - budget.at) / 1000) * rate);
    budget.at = now;
    if (budget.left < 1) {
      this.refused[kind]++;
      this.log?.warn('caller asks for too much', { caller: callerId, of: kind, aSecond: rate });
      throw tooMany(kind, caller, { rate, waitSeconds: Math.ceil((1 - budget.left) / rate) });
    }
    budget.left -= amount;
    budgets.delete(callerId);
    budgets.set(callerId, budget);
    this.forget(budgets, rate, now);
  }

  /** Tokens come and go: the budget of one that was not used for long is full again, and need not be kept. */
  private forget(budgets: Map<string, Budget>, rate: number, now: number): void {
    for (const [callerId, { left, at }] of budgets) {
      const isFull = left + ((now - at) / 1000) * rate >= rate * burstSeconds;
      if (!isFull && budgets.size <= mostCallers) return;
      budgets.delete(callerId);
    }
  }
}

function tooMany(
  kind: LimitedKind,
  caller: Principal,
  { rate, waitSeconds }: { readonly rate: number; readonly waitSeconds: number },
): ProblemError {
  const detail = `${spoken(caller)} may send ${rate} ${kind} a second, and sent more. Nothing was done; try again in ${waitSeconds} s.`;
  const said = detail.charAt(0).toUpperCase() + detail.slice(1);
  return new ProblemError(
    429,
    'too-many-requests',
    said,
    { of: kind, aSecond: rate },
    { 'retry-after': String(waitSeconds) },
  );
}
