import { type TriageState, triageStates, type ViolationRow } from '../../projections/index.js';
import { candidatesFor, searchFor } from './candidates.js';
import { HighestSlots } from './highest-slots.js';
import type { SlotWalk } from './ordered-slots.js';
import { fits, type QueryFields, type Read, readFilter, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import { type SlotTest, slotTest } from './violation-test.js';
import { type Viewing, type ViolationView, violationView } from './violation-view.js';

/** Most violations in one answer, and how many without a wish. */
export const mostViolations = 500;
const usualViolations = 100;
/** So many are looked at in their order: where most fit that is all there is to do. Then the columns tell which of the rest do. */
/** More that are linked together are not put in order by themselves. */
export const mostCandidates = 20_000;
const usualEffort: Effort = { steps: 4_000, candidates: mostCandidates };

/** What a way to a page may cost before another one is taken. */
interface Effort {
  /** Down the list. */
  readonly steps: number;
  /** Put in order by themselves: with more of them the order of the list is the shorter way. */
  readonly candidates: number;
}

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
  effort = usualEffort,
): ViolationPage {
  const { rows, next } = rowsFor(index, question, viewing, effort);
  return {
    violations: rows.map((row) => violationView(row, viewing)),
    position: index.position,
    ...(next !== undefined && { next }),
  };
}

interface Found {
  readonly rows: readonly ViolationRow[];
  readonly next?: string;
}

function rowsFor(index: ViolationIndex, question: ViolationQuestion, viewing: Viewing, effort: Effort): Found {
  const { filter, limit, cursor } = question;
  const { columns } = index;
  const test = slotTest(filter, index, viewing.now);
  const states = statesOf(filter);
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const rows: ViolationRow[] = [];
  let last: number | undefined;
  const isFull = (slot: number): boolean => {
    const row = test(slot) ? index.rowAt(slot) : undefined;
    if (row !== undefined && fits(row, filter, viewing)) {
      if (rows.length === limit) return true;
      rows.push(row);
    }
    last = slot;
    return false;
  };
  const full = (): Found => ({ rows, ...(last !== undefined && { next: cursorAt(index, last) }) });
  const linked = candidatesFor(filter, index, effort.candidates);
  if (linked === undefined) {
    const walks = states.map((state) => index.byState[state].down(standingBehind(index, cursor)));
    for (let steps = 0; steps < effort.steps; steps++) {
      const slot = stepHighest(walks, columns.compare);
      if (slot < 0 || (columns.lastSeen[slot] ?? 0) < since) return { rows };
      if (isFull(slot)) return full();
    }
  }
  const isBehind = standingBehind(index, last === undefined ? cursor : placeOf(index, last)) ?? (() => true);
  const isInState = columns.inStates(states);
  const isLeft: SlotTest = (slot) =>
    test(slot) && isInState(slot) && (columns.lastSeen[slot] ?? 0) >= since && isBehind(slot);
  const most = limit - rows.length + 1;
  const candidates = linked ?? searchFor(filter, index, effort.candidates);
  const rest = highestOf(index, candidates, isLeft, most);
  // Where a hash alone looked right a page falls short, and goes on behind it.
  return rest.some(isFull) || rest.length === most ? full() : { rows };
}

/** The states in which there can be one that fits. */
export function statesOf({
  state = triageStates,
  'acked-before': ackedBefore,
}: ViolationFilter): readonly TriageState[] {
  return ackedBefore === undefined ? state : state.filter((one) => one === 'acknowledged');
}

/** Those of the candidates, or of all, that pass and stand highest. Of all it reads columns of numbers, and no row. */
function highestOf(
  { columns }: ViolationIndex,
  candidates: readonly number[] | undefined,
  test: SlotTest,
  most: number,
): readonly number[] {
  const highest = new HighestSlots(columns.compare, most);
  if (candidates !== undefined) {
    for (const slot of candidates) if (test(slot)) highest.offer(slot);
  } // From the newest on: those that stand highest are mostly there, and hold off the others.
  else for (let slot = columns.length - 1; slot >= 0; slot--) if (test(slot)) highest.offer(slot);
  return highest.all();
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

function standingBehind({ columns }: ViolationIndex, cursor: Cursor | undefined): SlotTest | undefined {
  if (cursor === undefined) return undefined;
  return (slot) => {
    const lastSeen = columns.lastSeen[slot] ?? 0;
    if (lastSeen !== cursor.lastSeen) return lastSeen < cursor.lastSeen;
    return (columns.detectedAt[slot] ?? 0) < cursor.detectedAt;
  };
}

function placeOf({ columns }: ViolationIndex, slot: number): Cursor {
  return { lastSeen: columns.lastSeen[slot] ?? 0, detectedAt: columns.detectedAt[slot] ?? 0 };
}

function cursorAt(index: ViolationIndex, slot: number): string {
  const { lastSeen, detectedAt } = placeOf(index, slot);
  return `${lastSeen}.${detectedAt}`;
}
