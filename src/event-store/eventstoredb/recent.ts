import type { StoredEvent } from '../../../events/index.js';

/** The newest events, as they came through the subscription: what is read most is not fetched again. */
export class RecentEvents {
  private readonly events: (StoredEvent | undefined)[];

  /** @param most how many are kept */
  constructor(private readonly most: number) {
    this.events = new Array<StoredEvent | undefined>(most);
  }

  add(events: readonly StoredEvent[]): void {
    if (this.most > 0) for (const event of events) this.events[event.ordinal % this.most] = event;
  }

  /** The events with these ordinals, or undefined where one is not kept any more. */
  all(ordinals: readonly number[]): StoredEvent[] | undefined {
    const found: StoredEvent[] = [];
    for (const ordinal of ordinals) {
      const event = this.events[ordinal % this.most];
      if (event?.ordinal !== ordinal) return undefined;
      found.push(event);
    }
    return found;
  }
}
