import type { Observation } from '../../../projections/index.js';
import { Chain } from './chain.js';
import type { Heard } from './judge-repeats.js';
import type { HeardFrame } from './judge-verdict.js';

/** A finding that billing may explain at any moment: its first frame, how often it was heard again, and some frames. */
export interface InFlight {
  readonly identity: string;
  readonly place: string;
  readonly observation: Observation;
  /** Of the last event in the grants that it was found by. */
  readonly ordinal: number;
  /** True where it stands for findings that were not told apart. */
  readonly isGroup: boolean;
  readonly due: number;
  readonly frames: readonly HeardFrame[];
  again: Heard;
}

/** Findings that wait for billing's event, first come first served; each waits equally long. */
export class InFlightFindings {
  private readonly waiting = new Map<string, InFlight>();
  private readonly order = new Chain<InFlight>();
  private readonly places = new Map<string, number>();

  constructor(
    private readonly windowMs: number,
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  get(identity: string): InFlight | undefined {
    return this.waiting.get(identity);
  }

  /** How many of one place wait. */
  waitingAt(place: string): number {
    return this.places.get(place) ?? 0;
  }

  add(
    what: Pick<InFlight, 'identity' | 'place' | 'observation' | 'ordinal' | 'isGroup' | 'frames'>,
    clock: number,
  ): void {
    const { sensor, frameTime } = what.observation;
    const again = { sensor, count: 0, first: frameTime, last: frameTime };
    const one = { ...what, due: clock + this.windowMs, again };
    this.waiting.set(what.identity, one);
    this.order.add(one);
    this.places.set(what.place, this.waitingAt(what.place) + 1);
  }

  heardAgain(one: InFlight, heard: Heard): void {
    const { sensor, count, first, last } = one.again;
    one.again =
      count === 0
        ? { ...heard, sensor }
        : {
            sensor,
            count: count + heard.count,
            first: Math.min(first, heard.first),
            last: Math.max(last, heard.last),
          };
  }

  get isOverfull(): boolean {
    return this.waiting.size > this.limit;
  }

  /** When the first of them has waited long enough; Infinity when none waits. */
  get nextDue(): number {
    return this.order.first?.value.due ?? Number.POSITIVE_INFINITY;
  }

  /** Capture time of the oldest frame that waits, ms since 1970; Infinity when none waits. */
  get oldestFrame(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { observation } of this.waiting.values()) oldest = Math.min(oldest, observation.frameTime);
    return oldest;
  }

  /** Takes out the one that has waited longest. */
  takeNext(): InFlight | undefined {
    const first = this.order.first;
    if (first === undefined) return undefined;
    const { value: next } = first;
    this.order.remove(first);
    this.waiting.delete(next.identity);
    const left = this.waitingAt(next.place) - 1;
    if (left > 0) this.places.set(next.place, left);
    else this.places.delete(next.place);
    return next;
  }
}
