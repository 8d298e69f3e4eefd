import type { JudgeOrder } from '../../../src/sensor/judge/thread/judge-messages.js';
import { WaitingOrders } from '../../../src/sensor/judge/thread/waiting-orders.js';

const piece = (source: number, first: number): JudgeOrder => ({ kind: 'piece', source, piece: Uint8Array.of(first) });
const begin = (source: number): JudgeOrder => ({ kind: 'begin', source, capture: `capture ${source}` });
const flush: JudgeOrder = { kind: 'flush', now: 1 };
const close: JudgeOrder = { kind: 'close' };

function carriedOut(orders: readonly JudgeOrder[]): string[] {
  const waiting = new WaitingOrders();
  for (const order of orders) waiting.add(order);
  const done: string[] = [];
  for (let order = waiting.next(); order !== undefined; order = waiting.next()) done.push(nameOf(order));
  return done;
}

function nameOf(order: JudgeOrder): string {
  if (order.kind === 'piece') return `${order.source}/${order.piece[0] ?? ''}`;
  return 'source' in order ? `${order.source}/${order.kind}` : order.kind;
}

describe('orders that wait for the judge', () => {
  it('let the sources take turns, so that a flood at one keeps no other waiting', () => {
    const flood = Array.from({ length: 5 }, (_, number) => piece(0, number));
    expect(carriedOut([...flood, piece(1, 7), piece(2, 8), piece(1, 9)])).toEqual([
      ...['0/0', '1/7', '2/8'],
      ...['0/1', '1/9'],
      ...['0/2', '0/3', '0/4'],
    ]);
  });

  it('keep the order of each source', () => {
    const orders = [begin(0), piece(0, 1), begin(1), piece(1, 3), piece(0, 2)];
    expect(carriedOut(orders)).toEqual(['0/begin', '1/begin', '0/1', '1/3', '0/2']);
  });

  it('let what concerns no source go first, and the end last', () => {
    expect(carriedOut([piece(0, 1), close, flush, piece(0, 2)])).toEqual(['flush', '0/1', '0/2', 'close']);
  });

  it('give a source that was served its next turn behind those that wait', () => {
    const waiting = new WaitingOrders();
    for (const order of [piece(0, 1), piece(0, 2), piece(1, 1)]) waiting.add(order);
    expect(waiting.next()).toEqual(piece(0, 1));
    waiting.add(piece(2, 1));
    expect([waiting.next(), waiting.next(), waiting.next(), waiting.next()]).toEqual([
      piece(1, 1),
      piece(0, 2),
      piece(2, 1),
      undefined,
    ]);
  });
});
