import fc from '../support/property.js';
import type { ViolationRow } from '../../projections/index.js';
import { OrderedSlots } from '../../src/feed/ordered-slots.js';
import { fits, type ViolationFilter } from '../../src/feed/violation-filter.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import { violationPage } from '../../src/feed/violation-page.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { until } from '../reactors/reactor-bench.js';
import { happening, now, tell } from './happenings.js';
import { questions, understood } from './questions.js';
import { lookingAt, ViolationLog } from './violation-log.js';

/** The list without any index: every row looked at, and sorted. */
function naive(log: ViolationLog, filter: ViolationFilter, index: ViolationIndex): string[] {
  const viewing = lookingAt(index, now);
  return [...log.liveMap.map.violations.values()]
    .filter((row) => fits(row, filter, viewing))
    .sort((a: ViolationRow, b: ViolationRow) => b.lastSeen - a.lastSeen || b.detectedAt - a.detectedAt)
    .map((row) => row.violationId);
}

function paged(
  index: ViolationIndex,
  filter: ViolationFilter,
  limit: number,
  effort?: { steps: number; candidates: number },
): string[] {
  const seen: string[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < 100; pages++) {
    const [lastSeen, detectedAt] = (next ?? '').split('.').map(Number);
    const cursor = next === undefined ? {} : { cursor: { lastSeen: lastSeen ?? 0, detectedAt: detectedAt ?? 0 } };
    const answer = violationPage(index, { filter, limit, ...cursor }, lookingAt(index, now), effort);
    expect(answer.violations.length).toBeLessThanOrEqual(limit);
    seen.push(...answer.violations.map((one) => one.violationId));
    next = answer.next;
    if (next === undefined) return seen;
  }
  throw new Error('the list has no end');
}

describe('the index of violations', () => {
  it('answers as a look at every row does, whatever happened and whatever is asked, page by page', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 40, size: 'max' }),
        fc.array(questions, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.record({ steps: fc.nat(9), candidates: fc.nat(4) }),
        (happenings, asked, limit, effort) => {
          const log = new ViolationLog();
          const index = new ViolationIndex(log.liveMap);
          for (const one of happenings) tell(log, one);
          for (const question of asked) {
            const filter = understood(question);
            const expected = naive(log, filter, index);
            expect(paged(index, filter, limit)).toEqual(expected);
            expect(paged(index, filter, limit, effort)).toEqual(expected);
            expect(paged(new ViolationIndex(log.liveMap), filter, limit)).toEqual(expected);
          }
          const open = [...log.liveMap.map.violations.values()].filter(
            ({ state, quiet }) => (state === 'new' || state === 'acknowledged') && !quiet,
          );
          expect([...index.awake].map((slot) => index.rowAt(slot).violationId).sort()).toEqual(
            open.map((row) => row.violationId).sort(),
          );
          index.close();
        },
      ),
      { numRuns: 120 },
    );
  });

  it('takes a long map in bit by bit, with what happens meanwhile, and says when it has it', async () => {
    const log = new ViolationLog();
    for (let n = 0; n < 4_500; n++) log.fold(log.detected(`v${n}`));
    const index = new ViolationIndex(log.liveMap);
    expect(index.live).toBe(false);
    log.fold(log.repeated('v4400'), log.detected('late'));
    await until(() => index.live);
    expect(index.size).toBe(4_501);
    expect(paged(index, {}, 500).slice(0, 3)).toEqual(['late', 'v4400', 'v4499']);
  });

  it('waits for the map to be live', () => {
    const liveMap = new LiveMap('00000000-0000-4000-8000-000000000000');
    const index = new ViolationIndex(liveMap);
    liveMap.foldPage([new ViolationLog().detected('v0')]);
    expect([index.live, index.size]).toEqual([false, 0]);
    liveMap.becameLive();
    expect([index.live, index.size]).toEqual([true, 1]);
  });
});

describe('ordered slots', () => {
  it('stay in order through thousands that come and go, and are walked down from any place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3_000), { minLength: 2_500, maxLength: 5_000, size: 'max' }),
        fc.nat(3_000),
        (all, from) => {
          const slots = new OrderedSlots((a, b) => a - b);
          const held = new Set<number>();
          for (const slot of all) {
            if (held.delete(slot)) {
              slots.remove(slot);
              continue;
            }
            slots.add(slot);
            held.add(slot);
          }
          const sorted = [...held].sort((a, b) => a - b);
          expect([...slots]).toEqual(sorted);
          expect([slots.size, slots.first]).toEqual([sorted.length, sorted[0] ?? -1]);
          const walked: number[] = [];
          for (const walk = slots.down((slot) => slot < from); walk.slot >= 0; walk.step()) walked.push(walk.slot);
          expect(walked).toEqual(sorted.filter((slot) => slot < from).reverse());
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it('refuse to let go of what does not stand there', () => {
    const slots = new OrderedSlots((a, b) => a - b);
    slots.add(2);
    expect(() => slots.remove(3)).toThrow(RangeError);
    expect(() => slots.remove(1)).toThrow('Slot 1');
  });
});
