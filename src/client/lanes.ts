import type { PendingFact } from './pending-fact.js';

/** What one request may hold: the engine takes 500 events and 1 MiB. */
export const mostEvents = 500;
export const mostBytes = 1_000_000;

/** Facts that wait, a lane for each subject. A lane is closed while a request has facts of it, so that none overtakes another. */
export class Lanes {
  private readonly waiting = new Map<string, PendingFact[]>();
  private readonly closed = new Set<string>();
  private count = 0;

  add(fact: PendingFact): void {
    const lane = this.waiting.get(fact.subject);
    if (lane === undefined) this.waiting.set(fact.subject, [fact]);
    else lane.push(fact);
    this.count++;
  }

  /** True when there is enough for a full request. */
  get isFull(): boolean {
    return this.count >= mostEvents;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The facts of one request (one alone may be larger than any request), in the order of their lanes, which are closed until `open`; empty when every lane that has facts is closed. */
  take(): PendingFact[] {
    const batch: PendingFact[] = [];
    let bytes = 2;
    for (const [subject, lane] of this.waiting) {
      if (this.closed.has(subject)) continue;
      let taken = 0;
      for (const fact of lane) {
        const isAlone = batch.length + taken === 0;
        if (!isAlone && (batch.length + taken >= mostEvents || bytes + fact.bytes > mostBytes)) break;
        bytes += fact.bytes;
        taken++;
      }
      if (taken === 0) break;
      batch.push(...this.takeFrom(subject, lane, taken));
      this.closed.add(subject);
    }
    return batch;
  }

  /** Whatever waits behind the facts of a request; the lane is empty then. */
  clear(subject: string): PendingFact[] {
    const lane = this.waiting.get(subject) ?? [];
    return this.takeFrom(subject, lane, lane.length);
  }

  open(subjects: Iterable<string>): void {
    for (const subject of subjects) this.closed.delete(subject);
  }

  private takeFrom(subject: string, lane: PendingFact[], count: number): PendingFact[] {
    this.count -= count;
    if (count === lane.length) this.waiting.delete(subject);
    return lane.splice(0, count);
  }
}
