import { formatInstant } from '../../../events/index.js';
import { Chain, type Link } from './chain.js';
import type { Verdict } from './judge-verdict.js';

/** Frames that belong together: how many, and the capture times of the earliest and the latest, ms since 1970. */
export interface Heard {
  readonly sensor: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Frames of one violation heard since its last event, and when they are told. */
interface Tally {
  readonly sensor: string;
  readonly due: number;
  readonly link: Link<Open>;
  count: number;
  first: number;
  last: number;
}

interface Open {
  readonly identity: string;
  readonly violationId: string;
  tally: Tally | undefined;
  /** Frames kept as evidence. */
  kept: number;
}

/**
 * The violations that are open, by identity, and the frames counted for them since. The first repeat opens a window; at its
 * end one event tells them all.
 */
export class OpenViolations {
  private readonly byIdentity = new Map<string, Link<Open>>();
  private readonly byId = new Map<string, Link<Open>>();
  /** The one heard least recently first. */
  private readonly heard = new Chain<Open>();
  /** In the order of their `due`: every window is equally long and the judge's clock never runs back. */
  private readonly counting = new Chain<Open>();

  constructor(
    private readonly windowMs: number,
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.byIdentity.size;
  }

  has(identity: string): boolean {
    return this.byIdentity.has(identity);
  }

  /** Opens a violation; at the limit the one heard least recently is let go, its count told first. */
  open(identity: string, violationId: string): Verdict[] {
    const link = this.heard.add({ identity, violationId, tally: undefined, kept: 0 });
    this.byIdentity.set(identity, link);
    this.byId.set(violationId, link);
    const oldest = this.heard.first;
    if (this.size <= this.limit || oldest === undefined) return [];
    const told = this.tell(oldest.value);
    this.close(oldest);
    return told;
  }

  /** Lets go of a violation whose first event was never stored, so that its next frame is a detection again. */
  forget(violationId: string): void {
    const open = this.byId.get(violationId);
    if (open !== undefined) this.close(open);
  }

  /** True while frames of it are counted that are not told yet. */
  isCounting(identity: string): boolean {
    return this.byIdentity.get(identity)?.value.tally !== undefined;
  }

  /** The violation that one more frame should be kept of; undefined where enough are, or it is not open. */
  keepOneMore(identity: string, most: number): string | undefined {
    const open = this.byIdentity.get(identity)?.value;
    if (open === undefined || open.kept >= most) return undefined;
    open.kept++;
    return open.violationId;
  }

  /** True while more frames of it are wanted. */
  wantsFrames(identity: string, most: number): boolean {
    const open = this.byIdentity.get(identity)?.value;
    return open !== undefined && open.kept < most;
  }

  repeat(identity: string, { sensor, count, first, last }: Heard, clock: number): void {
    const link = this.byIdentity.get(identity);
    if (link === undefined || count === 0) return;
    this.heard.moveToEnd(link);
    const open = link.value;
    const { tally } = open;
    if (tally === undefined) {
      open.tally = { sensor, due: clock + this.windowMs, link: this.counting.add(open), count, first, last };
      return;
    }
    tally.count += count;
    if (first < tally.first) tally.first = first;
    if (last > tally.last) tally.last = last;
  }

  /** When the next window ends; Infinity when none is open. */
  get nextDue(): number {
    return this.counting.first?.value.tally?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Ends the window that is due first. */
  endNext(): Verdict[] {
    const next = this.counting.first;
    return next === undefined ? [] : this.tell(next.value);
  }

  private close(link: Link<Open>): void {
    const open = link.value;
    this.byIdentity.delete(open.identity);
    this.byId.delete(open.violationId);
    this.heard.remove(link);
    if (open.tally !== undefined) this.counting.remove(open.tally.link);
    open.tally = undefined;
  }

  private tell(open: Open): Verdict[] {
    const { tally, violationId } = open;
    if (tally === undefined) return [];
    this.counting.remove(tally.link);
    open.tally = undefined;
    const { count, first, last, sensor } = tally;
    const data = {
      violationId,
      count,
      firstFrameTime: formatInstant(first),
      lastFrameTime: formatInstant(last),
    };
    return [{ type: 'ViolationRepeated', data, sensor, time: last }];
  }
}
