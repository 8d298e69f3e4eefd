import { triageStates, type ViolationRow } from '../../projections/index.js';
import type { SlotWalk } from './ordered-slots.js';
import { fits, type QueryFields, type Read, readFilter, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import { slotTest } from './violation-test.js';
import { type Viewing, type ViolationView, violationView } from './violation-view.js';

/** Most violations in one answer, and how many without a wish. */
export const mostViolations = 500;
const usualViolations = 100;
/** So many violations are looked at for one answer; the next one goes on from there. */
const mostLookedAt = 250_000;

export interface ViolationQuestion {
  readonly filter: ViolationFilter;
  readonly limit: number;
  readonly cursor?: Cursor;
}

/** A place in the list: what stands behind it comes next. */
interface Cursor {
  readonly lastSeen: number;
  readonly detectedAt: number;
}

export interface ViolationPage {
  /** The one heard last comes first. */
  readonly violations: readonly ViolationView[];
  /** Of the last event about any violation: what `newSince` and the stream's `after` take. */
  readonly position: string;
  /** Pass it as `cursor` for the next page; absent on the last one. With it a page may hold fewer than asked for, or none. */
  readonly next?: string;
}

export function readViolationQuestion(fields: QueryFields): Read<ViolationQuestion> {
  const filter = readFilter(fields, ['limit', 'cursor']);
  if ('problem' in filter) return filter;
  const { limit: limitText = String(usualViolations), cursor } = fields as Readonly<Record<string, string | undefined>>;
  const limit = /^\d{1,4}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > mostViolations) {
    return { problem: `limit: found "${limitText.slice(0, 80)}", expected 1 to ${mostViolations}` };
  }
  if (cursor === undefined) return { value: { filter: filter.value, limit } };
  const [, lastSeen, detectedAt] = /^(-?\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (lastSeen === undefined) return { problem: 'cursor: expected the `next` of the page before' };
  return {
    value: { filter: filter.value, limit, cursor: { lastSeen: Number(lastSeen), detectedAt: Number(detectedAt) } },
  };
}

/** One page. What is heard again between two pages moves to the front of the list, so no page shows it twice. */
export function violationPage(
  index: ViolationIndex,
  question: ViolationQuestion,
  viewing: Viewing,
  lookedAt = mostLookedAt,
): ViolationPage {
  const { rows, next } = rowsFor(index, question, viewing, lookedAt);
  return {
    violations: rows.map((row) => violationView(row, viewing)),
    position: index.position,
    ...(next !== undefined && { next }),
  };
}

function rowsFor(
  index: ViolationIndex,
  { filter, limit, cursor }: ViolationQuestion,
  viewing: Viewing,
  mostSlots: number,
): { readonly rows: readonly ViolationRow[]; readonly next?: string } {
  const { columns } = index;
  const test = slotTest(filter, index, viewing.now);
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const walks = (filter.state ?? triageStates).map((state) => index.byState[state].down(standingBehind(index, cursor)));
  const rows: ViolationRow[] = [];
  let last: number | undefined;
  for (let looked = 0; ; looked++) {
    const slot = stepHighest(walks, columns.compare);
    if (slot < 0 || (columns.lastSeen[slot] ?? 0) < since) return { rows };
    if (looked >= mostSlots && last !== undefined) return { rows, next: cursorAt(index, last) };
    if (test(slot)) {
      const row = index.rowAt(slot);
      if (fits(row, filter, viewing)) {
        if (rows.length === limit && last !== undefined) return { rows, next: cursorAt(index, last) };
        rows.push(row);
      }
    }
    last = slot;
  }
}

/** Of several ways down, a step on the one that stands highest; -1 when all are at their end. */
function stepHighest(walks: readonly SlotWalk[], compare: (a: number, b: number) => number): number {
  let highest: SlotWalk | undefined;
  for (const walk of walks)
    if (walk.slot >= 0 && (highest === undefined || compare(walk.slot, highest.slot) > 0)) highest = walk;
  const slot = highest?.slot ?? -1;
  highest?.step();
  return slot;
}

function standingBehind(
  { columns }: ViolationIndex,
  cursor: Cursor | undefined,
): ((slot: number) => boolean) | undefined {
  if (cursor === undefined) return undefined;
  return (slot) => {
    const lastSeen = columns.lastSeen[slot] ?? 0;
    if (lastSeen !== cursor.lastSeen) return lastSeen < cursor.lastSeen;
    return (columns.detectedAt[slot] ?? 0) < cursor.detectedAt;
  };
}

function cursorAt({ columns }: ViolationIndex, slot: number): string {
  return `${columns.lastSeen[slot]}.${columns.detectedAt[slot]}`;
}
