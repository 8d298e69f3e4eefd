import { decodeEvent, type StoredEvent } from '../../events/index.js';
import { hourOf, postingsOf, timeBlock, timeKeysOf } from '../../projections/index.js';
import type { AddressHistory } from '../../src/audit/address-history/history-index.js';

/** The postings of some events, under the very keys, with nothing of files or hashes. */
export class HistoryInMemory implements AddressHistory {
  readonly reaches: number;
  private readonly values = new Map<string, Set<number>>();

  constructor(events: readonly StoredEvent[]) {
    this.reaches = events.at(-1)?.ordinal ?? -1;
    for (const stored of events) {
      const decoded = decodeEvent(stored);
      const time = decoded.readable ? decoded.event.time : decoded.time;
      if (time !== undefined)
        for (const key of timeKeysOf(hourOf(time))) this.post(key, Math.floor(stored.ordinal / timeBlock));
      if (decoded.readable) for (const [key, value] of postingsOf(decoded.event)) this.post(key, value);
    }
  }

  valuesOf(key: string): number[] {
    return [...(this.values.get(key) ?? [])].sort((a, b) => a - b);
  }

  lastOf(key: string, atMost: number): number | undefined {
    return this.valuesOf(key).findLast((value) => value <= atMost);
  }

  private post(key: string, value: number): void {
    this.values.set(key, (this.values.get(key) ?? new Set()).add(value));
  }
}
