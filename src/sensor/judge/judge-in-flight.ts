import type { Observation } from '../../../projections/index.js';
import type { Heard } from './judge-repeats.js';

/** A finding that billing may explain at any moment: its first frame, and how often it was heard again. */
export interface InFlight {
  readonly observation: Observation;
  readonly due: number;
  readonly again: Heard;
}

/** Findings that wait for billing's event, first come first served; each waits equally long. */
export class InFlightFindings {
  private readonly waiting = new Map<string, InFlight>();

  constructor(
    private readonly windowMs: number,
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  has(identity: string): boolean {
    return this.waiting.has(identity);
  }

  add(identity: string, observation: Observation, clock: number): void {
    const { sensor, frameTime } = observation;
    const again = { sensor, count: 0, first: frameTime, last: frameTime };
    this.waiting.set(identity, { observation, due: clock + this.windowMs, again });
  }

  heardAgain(identity: string, { frameTime }: Observation): void {
    const one = this.waiting.get(identity);
    if (one === undefined) return;
    const { sensor, count, first, last } = one.again;
    const again =
      count === 0
        ? { sensor, count: 1, first: frameTime, last: frameTime }
        : { sensor, count: count + 1, first: Math.min(first, frameTime), last: Math.max(last, frameTime) };
    this.waiting.set(identity, { ...one, again });
  }

  get isOverfull(): boolean {
    return this.waiting.size > this.limit;
  }

  /** When the first of them has waited long enough; Infinity when none waits. */
  get nextDue(): number {
    const [next] = this.waiting.values();
    return next?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Takes out the one that has waited longest. */
  takeNext(): InFlight | undefined {
    const [next] = this.waiting;
    if (next === undefined) return undefined;
    this.waiting.delete(next[0]);
    return next[1];
  }
}
