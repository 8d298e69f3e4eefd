import fc from '../support/property.js';
import type { Violation } from '../../src/console/violation.js';
import { ViolationList } from '../../src/console/violation-list.js';

const violation = (violationId: string, position: number, more: Partial<Violation> = {}): Violation =>
  ({ violationId, position: String(position), state: 'new', count: 1, ...more }) as Violation;

const listOf = (...violations: readonly Violation[]): ViolationList => {
  const list = new ViolationList();
  list.asking();
  list.begin({ violations });
  return list;
};

describe('the list of violations', () => {
  it('shows what is new on top, or lets it wait until it is asked for', () => {
    const list = listOf(violation('a', 1));
    list.arrive(violation('b', 2), false, true);
    list.arrive(violation('c', 3), true, true);
    list.arrive(violation('d', 4), true, true);
    expect([list.order, list.waiting]).toEqual([
      ['b', 'a'],
      ['d', 'c'],
    ]);
    list.showWaiting();
    expect([list.order, list.waiting]).toEqual([['d', 'c', 'b', 'a'], []]);
  });

  it('changes a row where it stands', () => {
    const list = listOf(violation('b', 2), violation('a', 1));
    list.arrive(violation('a', 3, { count: 7 }), false, true);
    expect(list.order).toEqual(['b', 'a']);
    expect(list.get('a')?.count).toBe(7);
  });

  it('takes what was read again where it stands, and lets go of what fits no longer', () => {
    const list = listOf(violation('c', 3), violation('b', 2), violation('a', 1));
    list.arrive(violation('w', 4), true, true);
    list.refresh([violation('b', 2, { assignee: 'user:anna' }), violation('z', 9)], ['c']);
    expect([list.order, list.waiting]).toEqual([['b', 'a'], ['w']]);
    expect(list.get('b')?.assignee).toBe('user:anna');
    list.leave('w');
    list.leave('a');
    list.leave('nobody knows it');
    expect([list.order, list.waiting]).toEqual([['b'], []]);
  });

  it('is not given back what has left it by an answer that is older, and is by the stream', () => {
    const list = listOf(violation('b', 2));
    list.leave('a');
    list.begin({ violations: [violation('b', 2), violation('a', 1)] });
    list.continue({ violations: [violation('a', 1)] });
    expect(list.order).toEqual(['b']);
    list.arrive(violation('a', 3), false, true);
    expect(list.order).toEqual(['a', 'b']);
  });

  it('keeps what it knows better than an older answer', () => {
    const list = listOf(violation('a', 9, { count: 9 }));
    list.arrive(violation('a', 10, { count: 10 }), false, true);
    list.arrive(violation('a', 9, { count: 9 }), false, true);
    list.continue({ violations: [violation('a', 8)] });
    expect(list.get('a')?.count).toBe(10);
  });

  it('takes nothing that does not belong into it, but tells a row that no longer does', () => {
    const list = listOf(violation('a', 1));
    list.arrive(violation('b', 2), false, false);
    list.arrive(violation('a', 3, { state: 'resolved' }), false, false);
    expect(list.order).toEqual(['a']);
    expect(list.get('a')?.state).toBe('resolved');
  });

  it('keeps what the stream told while the list was read', () => {
    const list = listOf();
    list.asking();
    list.arrive(violation('new', 5), true, true);
    list.begin({ violations: [violation('old', 1)] });
    expect(list.order).toEqual(['new', 'old']);
  });

  it('never shows a violation twice nor loses one, whatever comes in which order', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('arrive' as const), id: fc.nat(8), hold: fc.boolean() }),
      fc.record({ kind: fc.constant('page' as const), ids: fc.uniqueArray(fc.nat(8)) }),
      fc.constant({ kind: 'show' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const list = listOf();
        const known = new Set<string>();
        for (const [position, one] of steps.entries()) {
          if (one.kind === 'show') list.showWaiting();
          else if (one.kind === 'arrive') {
            known.add(`v${one.id}`);
            list.arrive(violation(`v${one.id}`, position), one.hold, true);
          } else {
            for (const id of one.ids) known.add(`v${id}`);
            list.continue({ violations: one.ids.map((id) => violation(`v${id}`, position)) });
          }
        }
        expect([...list.order, ...list.waiting].sort()).toEqual([...known].sort());
      }),
    );
  });
});
