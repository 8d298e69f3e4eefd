import { formatInstant } from '../../events/index.js';
import { type Day, dayOf, isOpen, sumOfDays, triageStates, type ViolationRow } from '../../projections/index.js';
import type { ViolationColumns } from './violation-columns.js';
import { fits, type QueryFields, type Read, readFilter, severities, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import { slotTest } from './violation-test.js';
import type { Viewing } from './violation-view.js';

/** What violations are put together by: their rule and port (its switch where none is known), or their offender's customer. */
export const groupings = ['rule-port', 'customer'] as const;
export type Grouping = (typeof groupings)[number];

export interface GroupQuestion {
  readonly by: Grouping;
  readonly filter: ViolationFilter;
  readonly limit: number;
}

/** Violations that are one line; times in RFC 3339. */
export interface ViolationGroup {
  /** Of `rule-port`. */
  readonly rule?: string;
  readonly switch?: string;
  readonly port?: string;
  /** Of `customer`; absent for the group of those whose offender nobody knows. */
  readonly customerId?: string;
  /** How many violations, and how many of them are new or acknowledged. */
  readonly violations: number;
  readonly open: number;
  /** The worst of all. */
  readonly severity: string;
  readonly lastSeen: string;
  /** The one heard last. */
  readonly newest: string;
  /** What follows is of so many violations, those heard last: of a very large group not of all. */
  readonly counted: number;
  readonly frames: number;
  readonly firstSeen: string;
  /** Frames of the last 24 hours, oldest hour first; exact only where all are counted. */
  readonly day: Day;
}

export interface GroupsAnswer {
  readonly by: Grouping;
  /** The one heard last comes first. */
  readonly groups: readonly ViolationGroup[];
  /** Groups that found no place in the answer. */
  readonly left: number;
  /** Of the last event about any violation: what `after` of the stream takes. */
  readonly position: string;
}

const mostGroups = 500;
const usualGroups = 100;
/** Rows that one answer unpacks. */
const mostCounted = 5_000;

export function readGroupQuestion(fields: QueryFields): Read<GroupQuestion> {
  const filter = readFilter(fields, ['by', 'limit']);
  if ('problem' in filter) return filter;
  const { by: byText = 'rule-port', limit: limitText = String(usualGroups) } = fields as Record<string, string>;
  const by = groupings.find((one) => one === byText);
  if (by === undefined)
    return { problem: `by: found "${byText.slice(0, 80)}", expected one of ${groupings.join(', ')}` };
  const limit = /^\d{1,4}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > mostGroups)
    return { problem: `limit: found "${limitText.slice(0, 80)}", expected 1 to ${mostGroups}` };
  return { value: { by, filter: filter.value, limit } };
}

/** The slots of a group, in the order in which they were found, and what the columns say of them. */
interface Gathered {
  readonly slots: number[];
  open: number;
  severity: number;
  newest: number;
}

/** Every violation that fits is in exactly one group. Looks at columns for all, and at rows for those of the groups shown. */
export function violationGroups(
  index: ViolationIndex,
  { by, filter, limit }: GroupQuestion,
  viewing: Viewing,
  most = mostCounted,
): GroupsAnswer {
  const groups = [...gathered(index, by, filter, viewing).values()];
  const { compare } = index.columns;
  groups.sort((a, b) => compare(b.newest, a.newest));
  const shown = groups.slice(0, limit);
  const each = Math.max(1, Math.floor(most / Math.max(1, shown.length)));
  let spare = most - shown.reduce((sum, { slots }) => sum + Math.min(slots.length, each), 0);
  return {
    by,
    groups: shown.map((group) => {
      const more = Math.min(spare, Math.max(0, group.slots.length - each));
      spare -= more;
      return groupView(index, by, group, each + more, viewing.now);
    }),
    left: groups.length - shown.length,
    position: index.position,
  };
}

function gathered(
  index: ViolationIndex,
  by: Grouping,
  filter: ViolationFilter,
  viewing: Viewing,
): Map<number, Gathered> {
  const { columns } = index;
  const test = slotTest(filter, index, viewing.now);
  const keyOf = by === 'customer' ? (slot: number) => columns.named.offenderCustomerId[slot] ?? 0 : placeKey(columns);
  const severityOf = severities.map((name) => columns.names.find(name));
  const groups = new Map<number, Gathered>();
  for (const state of filter.state ?? triageStates) {
    const open = isOpen(state) ? 1 : 0;
    for (const walk = index.byState[state].down(); walk.slot >= 0; walk.step()) {
      const { slot } = walk;
      if (filter.since !== undefined && (columns.lastSeen[slot] ?? 0) < filter.since) break;
      // A hash says only where to look: what was sought by one is compared with the row.
      if (!test(slot) || (filter.q !== undefined && !fits(index.rowAt(slot), filter, viewing))) continue;
      const key = keyOf(slot);
      const severity = severityOf.indexOf(columns.named.severity[slot]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { slots: [slot], open, severity, newest: slot });
      else {
        group.slots.push(slot);
        group.open += open;
        if (severity > group.severity) group.severity = severity;
        if (columns.compare(slot, group.newest) > 0) group.newest = slot;
      }
    }
  }
  return groups;
}

/** Rule and port as one number; a switch stands for a port that is not known. */
function placeKey({ named }: ViolationColumns): (slot: number) => number {
  const { rule, port, switch: switchName } = named;
  return (slot) => (rule[slot] ?? 0) * 2 ** 26 + (port[slot] || (switchName[slot] ?? 0));
}

function groupView(index: ViolationIndex, by: Grouping, group: Gathered, most: number, now: number): ViolationGroup {
  const { slots, open, newest } = group;
  const rows = newestOf(index, slots, most).map((slot) => index.rowAt(slot));
  const last = index.rowAt(newest);
  const day = sumOfDays(rows.map((row) => dayOf(row, now)));
  return {
    ...nameOf(by, last),
    violations: slots.length,
    open,
    severity: severities[group.severity] ?? last.severity,
    lastSeen: formatInstant(last.lastSeen),
    newest: last.violationId,
    counted: rows.length,
    frames: rows.reduce((sum, { count }) => sum + count, 0),
    firstSeen: formatInstant(rows.reduce((first, row) => Math.min(first, row.firstSeen), last.firstSeen)),
    day: { ...day, exact: day.exact && rows.length === slots.length },
  };
}

function newestOf({ columns }: ViolationIndex, slots: number[], most: number): number[] {
  return slots.length <= most ? slots : slots.sort((a, b) => columns.compare(b, a)).slice(0, most);
}

type Name = Pick<ViolationGroup, 'rule' | 'switch' | 'port' | 'customerId'>;

function nameOf(by: Grouping, { rule, switch: switchName, port, offenderCustomerId }: ViolationRow): Name {
  if (by === 'customer') return offenderCustomerId === undefined ? {} : { customerId: offenderCustomerId };
  return { rule, switch: switchName, ...(port !== undefined && { port }) };
}
