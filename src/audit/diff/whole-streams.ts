import type { StoredEvent } from '../../../events/index.js';
import type { KnownLog } from '../known-log.js';

/** Streams of a log, each from its first event to its last; no event is read twice. */
export class WholeStreams {
  private readonly whole = new Map<string, StoredEvent[]>();
  /** Events of streams that are not whole. */
  private readonly met = new Map<string, StoredEvent[]>();

  constructor(private readonly log: KnownLog) {}

  /** Takes an event that was read on the way, so that its stream need not read it again. Each may be given once. */
  meet(event: StoredEvent): void {
    const own = this.met.get(event.stream);
    if (own === undefined) this.met.set(event.stream, [event]);
    else own.push(event);
  }

  /** Reads these streams where they are not whole. */
  async add(names: Iterable<string>): Promise<void> {
    const wanted = [...new Set(names)].filter((name) => !this.whole.has(name));
    const inHand = new Set<number>();
    for (const name of wanted) {
      const own = this.met.get(name) ?? [];
      for (const { ordinal } of own) inHand.add(ordinal);
      this.whole.set(name, own);
      this.met.delete(name);
    }
    for await (const page of this.log.ofStreams(wanted, inHand))
      for (const event of page) this.whole.get(event.stream)?.push(event);
    for (const name of wanted) this.whole.get(name)?.sort(inOrder);
  }

  has(stream: string): boolean {
    return this.whole.has(stream);
  }

  /** The events of a stream that is whole, in order; of any other none. */
  of(stream: string): readonly StoredEvent[] {
    return this.whole.get(stream) ?? [];
  }

  /** The ordinals of all events of streams that are whole. */
  ordinals(): Set<number> {
    const found = new Set<number>();
    for (const events of this.whole.values()) for (const { ordinal } of events) found.add(ordinal);
    return found;
  }

  /** All events of streams that are whole. */
  inLogOrder(): StoredEvent[] {
    return [...this.whole.values()].flat().sort(inOrder);
  }
}

function inOrder(one: StoredEvent, other: StoredEvent): number {
  return one.ordinal - other.ordinal;
}
