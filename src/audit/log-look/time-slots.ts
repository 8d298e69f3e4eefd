/** What was counted in a stretch of time. */
export interface Slot {
  /** ms since 1970; `to` is not in it. */
  readonly from: number;
  readonly to: number;
  /** Of the first event in it. */
  readonly first: number;
  /** By kind. */
  readonly counts: readonly number[];
}

const mostSlots = 4_096;

/**
 * Counts of events in slots of time of one width, a second at first. When a longer stretch has to fit in, the width doubles and
 * neighbours are put together: the counts stay exact, and so does the memory.
 */
export class TimeSlots {
  private widthMs = 1_000;
  private origin: number | undefined;
  private counts: Uint32Array;
  private firsts = new Float64Array(mostSlots).fill(Number.POSITIVE_INFINITY);
  private latest = 0;

  constructor(private readonly kinds: number) {
    this.counts = new Uint32Array(mostSlots * kinds);
  }

  /** One event more. @param at ms since 1970; one without a time stands where the one before it does */
  add(at: number | undefined, kind: number, ordinal: number): void {
    const time = Math.max(at ?? this.latest, this.latest);
    this.latest = time;
    this.origin ??= Math.floor(time / this.widthMs) * this.widthMs;
    while (time - this.origin >= mostSlots * this.widthMs) this.origin = this.double(this.origin);
    const slot = Math.floor((time - this.origin) / this.widthMs);
    this.counts[slot * this.kinds + kind] = (this.counts[slot * this.kinds + kind] ?? 0) + 1;
    this.firsts[slot] = Math.min(this.firsts[slot] ?? Number.POSITIVE_INFINITY, ordinal);
  }

  /** Neighbouring slots put together until they are at most so many; empty ones are left out. */
  inBuckets(most: number): Slot[] {
    const { origin, widthMs, kinds } = this;
    if (origin === undefined) return [];
    const used = Math.floor((this.latest - origin) / widthMs) + 1;
    const together = Math.ceil(used / most);
    const found: Slot[] = [];
    for (let start = 0; start < used; start += together) {
      const counts = new Array<number>(kinds).fill(0);
      let first = Number.POSITIVE_INFINITY;
      for (let slot = start; slot < Math.min(start + together, mostSlots); slot++) {
        first = Math.min(first, this.firsts[slot] ?? first);
        for (let kind = 0; kind < kinds; kind++)
          counts[kind] = (counts[kind] ?? 0) + (this.counts[slot * kinds + kind] ?? 0);
      }
      const from = origin + start * widthMs;
      if (Number.isFinite(first)) found.push({ from, to: from + together * widthMs, first, counts });
    }
    return found;
  }

  private double(origin: number): number {
    const widthMs = this.widthMs * 2;
    const moved = Math.floor(origin / widthMs) * widthMs;
    const counts = new Uint32Array(this.counts.length);
    const firsts = new Float64Array(mostSlots).fill(Number.POSITIVE_INFINITY);
    for (let slot = 0; slot < mostSlots; slot++) {
      const to = Math.floor((origin + slot * this.widthMs - moved) / widthMs);
      firsts[to] = Math.min(firsts[to] ?? Number.POSITIVE_INFINITY, this.firsts[slot] ?? Number.POSITIVE_INFINITY);
      for (let kind = 0; kind < this.kinds; kind++)
        counts[to * this.kinds + kind] =
          (counts[to * this.kinds + kind] ?? 0) + (this.counts[slot * this.kinds + kind] ?? 0);
    }
    [this.widthMs, this.counts, this.firsts] = [widthMs, counts, firsts];
    return moved;
  }
}
