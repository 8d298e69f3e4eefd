import { isOpen, triageStates } from '../../projections/index.js';
import type { GroupNumbers } from './group-numbers.js';
import type { ViolationColumns } from './violation-columns.js';
import { severities } from './violation-filter.js';

/** What of each group is counted, by its number. */
export interface GroupTally {
  readonly violations: Uint32Array;
  /** Those that are new or acknowledged. */
  readonly open: Uint32Array;
  readonly frames: Float64Array;
  /** ms since 1970. */
  readonly firstSeen: Float64Array;
  /** The slot of the one heard last. */
  readonly newest: Uint32Array;
  /** 1 + the place of the worst among `severities`; 0 where none is one of them. */
  readonly worst: Uint8Array;
}

/** Counts violations into their groups, from columns of numbers alone. */
export function tallyOf(columns: ViolationColumns, slots: Uint32Array, { numbers, size }: GroupNumbers): GroupTally {
  const violations = new Uint32Array(size);
  const open = new Uint32Array(size);
  const frames = new Float64Array(size);
  const firstSeen = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const newest = new Uint32Array(size);
  const worst = new Uint8Array(size);
  const { heard, compare } = columns;
  const isOpenSlot = columns.inStates(triageStates.filter(isOpen));
  const { severity } = columns.named;
  const ranks = ranksOf(columns);
  for (let at = 0; at < slots.length; at++) {
    const [slot, group] = [slots[at] ?? 0, numbers[at] ?? 0];
    const count = violations[group] ?? 0;
    violations[group] = count + 1;
    if (isOpenSlot(slot)) open[group] = (open[group] ?? 0) + 1;
    frames[group] = (frames[group] ?? 0) + (heard.frames[slot] ?? 0);
    const first = heard.firstSeen[slot] ?? 0;
    if (first < (firstSeen[group] ?? 0)) firstSeen[group] = first;
    if (count === 0 || compare(slot, newest[group] ?? 0) > 0) newest[group] = slot;
    const rank = ranks[severity[slot] ?? 0] ?? 0;
    if (rank > (worst[group] ?? 0)) worst[group] = rank;
  }
  return { violations, open, frames, firstSeen, newest, worst };
}

/** By the number of a name: how bad it is as a severity. */
function ranksOf({ names }: ViolationColumns): Uint8Array {
  const ranks = new Uint8Array(names.size);
  severities.forEach((name, place) => {
    const number = names.find(name);
    if (number !== undefined) ranks[number] = place + 1;
  });
  return ranks;
}
