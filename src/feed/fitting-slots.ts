import { candidatesFor, searchFor } from './candidates.js';
import { fits, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import { mostCandidates, statesOf } from './violation-page.js';
import { slotTest } from './violation-test.js';
import type { Viewing } from './violation-view.js';

/** So many rows are unpacked to be sure of them. */
const mostUnpacked = 10_000;

/**
 * The slots of all violations that fit a filter, in no order: of those that are linked under what it names, or else of all,
 * by columns of numbers. A row is unpacked only where numbers are not the whole truth: a MAC or an address by its hash, a
 * position that a number says not quite. Of more than `most` such rows the rest is taken by its numbers.
 */
export function fittingSlots(
  index: ViolationIndex,
  filter: ViolationFilter,
  viewing: Viewing,
  most = mostUnpacked,
): Uint32Array {
  const { columns } = index;
  const few = candidatesFor(filter, index, mostCandidates) ?? searchFor(filter, index, mostCandidates);
  const looked = few?.length ?? columns.length;
  const test = slotTest(filter, index, viewing.now);
  const isInState = columns.inStates(statesOf(filter));
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const isDoubtful = doubtOf(filter, index);
  const found = new Uint32Array(looked);
  let [count, unpacked] = [0, 0];
  for (let at = 0; at < looked; at++) {
    const slot = few === undefined ? at : (few[at] ?? 0);
    if (!isInState(slot) || (columns.lastSeen[slot] ?? 0) < since || !test(slot)) continue;
    if (isDoubtful?.(slot) === true && ++unpacked <= most && !fits(index.rowAt(slot), filter, viewing)) continue;
    found[count++] = slot;
  }
  return found.subarray(0, count);
}

/** Which slots may pass the test of numbers and not fit; undefined where there can be none. */
function doubtOf(
  { q, newSince, renumbering }: ViolationFilter,
  { columns }: ViolationIndex,
): ((slot: number) => boolean) | undefined {
  if (renumbering !== undefined || (q !== undefined && !('text' in q))) return () => true;
  if (newSince === undefined || newSince === 'start') return undefined;
  const position = Number(newSince);
  return (slot) => columns.opened[slot] === position;
}
