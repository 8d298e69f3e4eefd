import { formatInstant } from '../../../events/index.js';
import type { Verdict } from './judge-verdict.js';

/** Frames of one violation heard since its last event. */
interface Tally {
  readonly violationId: string;
  readonly sensor: string;
  readonly due: number;
  count: number;
  first: number;
  last: number;
}

/** Frames that belong together: how many, and the capture times of the earliest and the latest, ms since 1970. */
export interface Heard {
  readonly sensor: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/**
 * The violations that are open, by identity, least recently heard first, and the frames counted for them since.
 * The first repeat opens a window; at its end one event tells them all.
 */
export class OpenViolations {
  private readonly ids = new Map<string, string>();
  /** In the order of their `due`: every window is equally long and the judge's clock never runs back. */
  private readonly tallies = new Map<string, Tally>();

  constructor(
    private readonly windowMs: number,
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.ids.size;
  }

  has(identity: string): boolean {
    return this.ids.has(identity);
  }

  /** Opens a violation; at the limit the one heard least recently is let go, its count told first. */
  open(identity: string, violationId: string): Verdict[] {
    this.ids.set(identity, violationId);
    const [oldest] = this.ids.size > this.limit ? this.ids.keys() : [];
    return oldest === undefined ? [] : this.letGo(oldest);
  }

  /** Lets go of a violation whose first event was never stored, so that its next frame is a detection again. */
  forget(violationId: string): void {
    for (const [identity, id] of this.ids) {
      if (id !== violationId) continue;
      this.ids.delete(identity);
      this.tallies.delete(identity);
      return;
    }
  }

  repeat(identity: string, heard: Heard, clock: number): void {
    const violationId = this.ids.get(identity);
    if (violationId === undefined || heard.count === 0) return;
    this.ids.delete(identity);
    this.ids.set(identity, violationId);
    const tally = this.tallies.get(identity);
    if (tally === undefined) {
      this.tallies.set(identity, { ...heard, violationId, due: clock + this.windowMs });
      return;
    }
    tally.count += heard.count;
    tally.first = Math.min(tally.first, heard.first);
    tally.last = Math.max(tally.last, heard.last);
  }

  /** When the next window ends; Infinity when none is open. */
  get nextDue(): number {
    const [next] = this.tallies.values();
    return next?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Ends the window that is due first. */
  endNext(): Verdict[] {
    const [next] = this.tallies.keys();
    return next === undefined ? [] : this.tell(next);
  }

  private letGo(identity: string): Verdict[] {
    const told = this.tell(identity);
    this.ids.delete(identity);
    return told;
  }

  private tell(identity: string): Verdict[] {
    const tally = this.tallies.get(identity);
    if (tally === undefined) return [];
    this.tallies.delete(identity);
    const { violationId, count, first, last, sensor } = tally;
    const data = {
      violationId,
      count,
      firstFrameTime: formatInstant(first),
      lastFrameTime: formatInstant(last),
    };
    return [{ type: 'ViolationRepeated', data, sensor, time: last }];
  }
}
