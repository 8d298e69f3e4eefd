import type { ViolationRow } from '../../projections/index.js';
import { comparePositions, isPosition } from './position.js';
import { fits, type QueryFields, type Read, readFilter, type ViolationFilter } from './violation-filter.js';
import { type Viewing, type ViolationView, violationView } from './violation-view.js';

/** Most violations in one answer, and how many without a wish. */
export const mostViolations = 500;
const usualViolations = 100;

export interface ViolationQuestion {
  readonly filter: ViolationFilter;
  readonly limit: number;
  /** Go on with what changed before this position. */
  readonly cursor?: string;
}

export interface ViolationPage {
  /** Newest first: the one an event was stored about last comes first. */
  readonly violations: readonly ViolationView[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
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
  if (!isPosition(cursor)) return { problem: 'cursor: expected the `next` of the page before' };
  return { value: { filter: filter.value, limit, cursor } };
}

/** One page. What changes between two pages moves to the front of the list, so no page shows it twice. */
export function violationPage(
  rows: Iterable<ViolationRow>,
  { filter, limit, cursor }: ViolationQuestion,
  viewing: Viewing,
): ViolationPage {
  const found: ViolationRow[] = [];
  for (const row of rows) {
    if (fits(row, filter) && (cursor === undefined || comparePositions(row.position, cursor) < 0)) found.push(row);
  }
  found.sort((a, b) => b.changedAt - a.changedAt);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > page.length && last !== undefined;
  return { violations: page.map((row) => violationView(row, viewing)), ...(more && { next: last.position }) };
}
