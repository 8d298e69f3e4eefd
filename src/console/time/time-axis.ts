import type { Bucket } from '../log/counted.js';

/** The stretch of time that a log was recorded in, and where each event stands in it as far as it was counted. */
export interface TimeAxis {
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly buckets: readonly AxisBucket[];
  /** Of the last event. */
  readonly last: number;
}

export interface AxisBucket {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly events: number;
  readonly kinds: Readonly<Record<string, number>>;
}

/** Undefined for an empty log. */
export function axisOf(buckets: readonly Bucket[]): TimeAxis | undefined {
  const all = buckets.map((one) => ({ ...one, from: Date.parse(one.from), to: Date.parse(one.to) }));
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { from: first.from, to: last.to, buckets: all, last: last.first + last.events - 1 };
}

/** Ordinal of the event that stands at a moment: the last one before it; inside a bucket as if they came evenly. */
export function ordinalAt({ buckets, last }: TimeAxis, time: number): number {
  let found = 0;
  for (const { from, to, first, events } of buckets) {
    if (from > time) break;
    const part = Math.min(1, (time - from) / (to - from));
    found = first + Math.min(events - 1, Math.floor(part * events));
  }
  return Math.min(found, last);
}

/** About when an event was recorded: the way back of `ordinalAt`. */
export function timeOf({ buckets, to: end }: TimeAxis, ordinal: number): number {
  for (const { from, to, first, events } of buckets)
    if (ordinal < first + events) return from + ((Math.max(0, ordinal - first) + 0.5) / events) * (to - from);
  return end;
}
