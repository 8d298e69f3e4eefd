import { decodeEvent, type StoredEvent } from '../../events/index.js';
import { postingsOf } from '../../projections/index.js';
import type { AddressHistory } from '../../src/audit/address-history/history-index.js';

/** The postings of some events, under the very keys, with nothing of files or hashes. */
export class HistoryInMemory implements AddressHistory {
  readonly reaches: number;
  private readonly values = new Map<string, Set<number>>();

  constructor(events: readonly StoredEvent[]) {
    this.reaches = events.at(-1)?.ordinal ?? -1;
    for (const stored of events) {
      const decoded = decodeEvent(stored);
      if (!decoded.readable) continue;
      for (const [key, value] of postingsOf(decoded.event))
        this.values.set(key, (this.values.get(key) ?? new Set()).add(value));
    }
  }

  valuesOf(key: string): number[] {
    return [...(this.values.get(key) ?? [])].sort((a, b) => a - b);
  }
}
