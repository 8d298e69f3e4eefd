import { FlatReader, unpackCall } from './flat-messages.js';
import type { StampedCall } from './log-writer.js';
import type { WriterOrder } from './writer-messages.js';

/** A group takes no further message once it holds this much. */
const mostEvents = 2048;
const mostCharacters = 8 * 2 ** 20;

/** The calls of one group, taken from the messages as they arrive: those that came while the earlier ones were stored too. */
export class ArrivingCalls implements Iterable<StampedCall> {
  /** An order that was taken out while looking for more calls, and is none. */
  notTaken: WriterOrder | undefined;
  private current: FlatReader;
  private taken = 0;
  private events = 0;
  private characters = 0;

  /** @param receive the next order that has arrived, if any */
  constructor(
    first: Exclude<WriterOrder, 'close'>,
    private readonly receive: () => WriterOrder | undefined,
  ) {
    this.current = new FlatReader(first);
  }

  *[Symbol.iterator](): Generator<StampedCall> {
    const now = Date.now();
    do {
      while (!this.current.ended) yield this.takeCall(now);
    } while (this.takeMessage());
  }

  /** Takes what is left of the last message, unstored, and says how many calls were taken in all. */
  takeRest(): number {
    while (!this.current.ended) this.takeCall(0);
    return this.taken;
  }

  private takeCall(now: number): StampedCall {
    const { requests, at, onlyNew } = unpackCall(this.current);
    this.taken++;
    for (const { events } of requests) {
      this.events += events.length;
      for (const { data, metadata } of events) this.characters += data.length + metadata.length;
    }
    return { requests, at: at ?? now, onlyNew };
  }

  private takeMessage(): boolean {
    if (this.events >= mostEvents || this.characters >= mostCharacters) return false;
    const order = this.receive();
    if (order === 'close') this.notTaken = order;
    if (order === undefined || order === 'close') return false;
    this.current = new FlatReader(order);
    return true;
  }
}
