import type { Interval } from './who-had.js';

/**
 * What was believed at a moment about that moment, where it is not what is known of it today: the intervals around it as they
 * were known then. Undefined where the two agree on who had the subject, and how.
 */
export function otherBelief(today: readonly Interval[], then: readonly Interval[]): readonly Interval[] | undefined {
  return saidOf(today) === saidOf(then) ? undefined : then;
}

/** Everything an interval says of its moment; its ends and its facts may be told anew without changing that. */
function saidOf(intervals: readonly Interval[]): string {
  const holdings = intervals.map(({ role, what, serverId, customerId, state, switch: name, port, vlan, mac, heldBy }) =>
    JSON.stringify([role, what, serverId, customerId, state, name, port, vlan, mac, heldBy]),
  );
  return holdings.sort().join('\n');
}
