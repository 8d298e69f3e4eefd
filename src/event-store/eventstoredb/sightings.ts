import type { StoredEvent } from '../../../events/index.js';

/** Tells those who appended when their events have come back through the subscription. */
export class Sightings {
  private readonly watches = new Set<Watch>();

  watch(ids: Iterable<string>): Watch {
    const watch = new Watch(new Set(ids), () => this.watches.delete(watch));
    this.watches.add(watch);
    return watch;
  }

  note(events: readonly StoredEvent[]): void {
    for (const watch of this.watches) watch.note(events);
  }
}

/** Keeps the events with certain ids as they come by. */
export class Watch {
  private readonly seen = new Map<string, StoredEvent>();
  private wake: (() => void)[] = [];

  constructor(
    private readonly ids: ReadonlySet<string>,
    readonly close: () => void,
  ) {}

  note(events: readonly StoredEvent[]): void {
    for (const event of events) if (this.ids.has(event.id)) this.seen.set(event.id, event);
    for (const go of this.wake.splice(0)) go();
  }

  /** The events with these ids, or undefined while one of them has not come by. */
  found(ids: readonly string[]): StoredEvent[] | undefined {
    // They come in order, so that the last one tells.
    if (!this.seen.has(ids.at(-1) ?? '')) return undefined;
    const events = ids.flatMap((id) => this.seen.get(id) ?? []);
    return events.length === ids.length ? events : undefined;
  }

  /** Resolves when the condition holds or the time, if any, is over. It is looked at whenever anything comes by. */
  async until(condition: () => boolean, ms?: number): Promise<void> {
    let over = false;
    const stop = (): void => {
      over = true;
      for (const go of this.wake.splice(0)) go();
    };
    const timer = ms === undefined ? undefined : setTimeout(stop, ms);
    while (!over && !condition()) await new Promise<void>((go) => this.wake.push(go));
    clearTimeout(timer);
  }
}
