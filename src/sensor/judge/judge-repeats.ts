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
  private readonly ids = new Map<string, { readonly violationId: string; kept: number }>();
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
    this.ids.set(identity, { violationId, kept: 0 });
    if (this.ids.size <= this.limit) return [];
    for (const oldest of this.ids.keys()) return this.letGo(oldest);
    return [];
  }

  /** Lets go of a violation whose first event was never stored, so that its next frame is a detection again. */
  forget(violationId: string): void {
    for (const [identity, open] of this.ids) {
      if (open.violationId !== violationId) continue;
      this.ids.delete(identity);
      this.tallies.delete(identity);
      return;
    }
  }

  /** True while frames of it are counted that are not told yet. */
  isCounting(identity: string): boolean {
    return this.tallies.has(identity);
  }

  /** The violation that one more frame should be kept of; undefined where enough are, or it is not open. */
  keepOneMore(identity: string, most: number): string | undefined {
    const open = this.ids.get(identity);
    if (open === undefined || open.kept >= most) return undefined;
    open.kept++;
    return open.violationId;
  }

  /** True while more frames of it are wanted. */
  wantsFrames(identity: string, most: number): boolean {
    const open = this.ids.get(identity);
    return open !== undefined && open.kept < most;
  }

  repeat(identity: string, heard: Heard, clock: number): void {
    const open = this.ids.get(identity);
    if (open === undefined || heard.count === 0) return;
    const { violationId } = open;
    this.ids.delete(identity);
    this.ids.set(identity, open);
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
    for (const next of this.tallies.values()) return next.due;
    return Number.POSITIVE_INFINITY;
  }

  /** Ends the window that is due first. */
  endNext(): Verdict[] {
    for (const next of this.tallies.keys()) return this.tell(next);
    return [];
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
