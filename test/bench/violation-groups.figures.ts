import { groupings } from '../../src/feed/group-numbers.js';
import { readGroupQuestion, violationGroups } from '../../src/feed/violation-groups.js';
import type { ViolationIndex } from '../../src/feed/violation-index.js';
import { type BenchRow, rowOf } from './row.js';
import { median, percentile } from './statistics.js';

const wantedMs = 100;
/** Nothing is asked quicker than all of it, and a filter is one more test for each. */
const filters: readonly Readonly<Record<string, string>>[] = [
  {},
  { muted: 'false' },
  { state: 'new,acknowledged', severity: 'high' },
];

/** How long the groups of all violations take, serialised, by the key that takes the longest. @param now ms since 1970 */
export function groupFigures(
  index: ViolationIndex,
  { size, rounds, now }: { readonly size: number; readonly rounds: number; readonly now: number },
  say: (text: string) => void,
): BenchRow {
  const asked = groupings.flatMap((by) =>
    filters.map((filter): Readonly<Record<string, string>> => ({ by, ...filter })),
  );
  const figures = asked.map((fields) => {
    const read = readGroupQuestion({ ...fields, limit: '500' });
    if ('problem' in read) throw new Error(`the bench asks what the groups refuse: ${read.problem}`);
    const took = Array.from({ length: rounds }, () => {
      const begun = performance.now();
      JSON.stringify(violationGroups(index, read.value, { ...index.viewing([]), now }));
      return performance.now() - begun;
    });
    say(`groups: ${JSON.stringify(fields)} ${median(took).toFixed(1)} ms`);
    return { fields, middle: median(took), p99: percentile(took, 0.99) };
  });
  const slowest = figures.reduce((one, other) => (other.middle > one.middle ? other : one));
  const what = `groups of ${size.toLocaleString('en-US')}, median, the slowest of ${asked.length} questions`;
  return rowOf({
    room: 'feed',
    name: `${what} (${new URLSearchParams(slowest.fields).toString()}, p99 ${slowest.p99.toFixed(2)})`,
    value: slowest.middle,
    unit: 'ms',
    limit: wantedMs,
    goal: 1,
  });
}
