import { formatInstant } from '../../events/index.js';
import type { Day } from '../../projections/index.js';
import { fittingSlots } from './fitting-slots.js';
import { type GroupIdentity, groupNumbers, type Grouping, groupings, identityOf } from './group-numbers.js';
import { type GroupTally, tallyOf } from './group-tally.js';
import { HighestSlots } from './highest-slots.js';
import { type QueryFields, type Read, readFilter, severities, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import type { Viewing } from './violation-view.js';

export interface GroupQuestion {
  readonly by: Grouping;
  readonly filter: ViolationFilter;
  readonly limit: number;
}

/**
 * Violations that are one line; times in RFC 3339. Its name is what all have in common: `rule`, `switch` and `port`,
 * `serverId`, `customerId`; what nobody knows is absent. With `filter` added to the question the list holds exactly these.
 */
export interface ViolationGroup extends GroupIdentity {
  /** How many violations, and how many of them are new or acknowledged. */
  readonly violations: number;
  readonly open: number;
  /** The worst of all. */
  readonly severity: string;
  readonly frames: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The one heard last. */
  readonly newest: string;
  /** Frames of the last 24 hours, oldest hour first. */
  readonly day: Day;
}

export interface GroupsAnswer {
  readonly by: Grouping;
  /** The one heard last comes first. */
  readonly groups: readonly ViolationGroup[];
  /** Groups that found no place in the answer. */
  readonly left: number;
  /** How many violations fit, in all groups. */
  readonly violations: number;
  /** Of the last event about any violation: what `after` of the stream takes. */
  readonly position: string;
}

const mostGroups = 500;
const usualGroups = 100;

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

/** Every violation that fits is in exactly one group. Counts by columns of numbers, and unpacks no row. */
export function violationGroups(
  index: ViolationIndex,
  { by, filter, limit }: GroupQuestion,
  viewing: Viewing,
): GroupsAnswer {
  const { columns } = index;
  const slots = fittingSlots(index, filter, viewing);
  const numbers = groupNumbers(by, columns, slots);
  const tally = tallyOf(columns, slots, numbers);
  const shown = heardLast(tally.newest, columns.compare, limit);
  const days = columns.heard.daysOf(slots, numbers, shown, viewing.now);
  return {
    by,
    groups: shown.map((group, at) => groupView(index, by, tally, group, days[at] ?? noDay)),
    left: numbers.size - shown.length,
    violations: slots.length,
    position: index.position,
  };
}

const noDay: Day = { frames: [], exact: true };

/** The numbers of the groups that were heard last, by the slot of the newest of each. */
function heardLast(newest: Uint32Array, compare: (a: number, b: number) => number, limit: number): number[] {
  const highest = new HighestSlots(compare, limit);
  for (const slot of newest) highest.offer(slot);
  const wanted = new Map(highest.all().map((slot, at) => [slot, at]));
  const groups: number[] = [];
  newest.forEach((slot, group) => {
    const at = wanted.get(slot);
    if (at !== undefined) groups[at] = group;
  });
  return groups;
}

function groupView(index: ViolationIndex, by: Grouping, tally: GroupTally, group: number, day: Day): ViolationGroup {
  const { columns } = index;
  const newest = tally.newest[group] ?? 0;
  return {
    ...identityOf(by, columns, newest),
    violations: tally.violations[group] ?? 0,
    open: tally.open[group] ?? 0,
    severity: severities[(tally.worst[group] ?? 0) - 1] ?? columns.nameOf('severity', newest) ?? '',
    frames: tally.frames[group] ?? 0,
    firstSeen: formatInstant(tally.firstSeen[group] ?? 0),
    lastSeen: formatInstant(columns.lastSeen[newest] ?? 0),
    newest: index.idAt(newest),
    day,
  };
}
