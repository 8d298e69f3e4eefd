import type { JudgeOrder } from './judge-messages.js';

/**
 * Orders that wait for the judge. What concerns no source goes first, then the sources take turns, so that a flood at one
 * port keeps nobody else's frames waiting; orders of one source keep their order. `close` is carried out last.
 */
export class WaitingOrders {
  private readonly first: JudgeOrder[] = [];
  /** Whose turn it is comes first. */
  private readonly bySource = new Map<number, JudgeOrder[]>();
  private last: JudgeOrder | undefined;

  add(order: JudgeOrder): void {
    if (order.kind === 'close') this.last = order;
    else if (!('source' in order)) this.first.push(order);
    else {
      const waiting = this.bySource.get(order.source);
      if (waiting === undefined) this.bySource.set(order.source, [order]);
      else waiting.push(order);
    }
  }

  /** Takes out the order to carry out now; undefined when none waits. */
  next(): JudgeOrder | undefined {
    return this.first.shift() ?? this.nextOfSources() ?? this.takeLast();
  }

  private nextOfSources(): JudgeOrder | undefined {
    for (const [source, waiting] of this.bySource) {
      const order = waiting.shift();
      this.bySource.delete(source);
      if (waiting.length > 0) this.bySource.set(source, waiting);
      return order;
    }
    return undefined;
  }

  private takeLast(): JudgeOrder | undefined {
    const { last } = this;
    this.last = undefined;
    return last;
  }
}
