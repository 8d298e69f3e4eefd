import type { MacAddress } from '../events/index.js';
import type { AssignmentRow, OtherMac } from './assignments.projection.js';
import { isLater, type Register } from './register.js';

/** The MAC neighbour entries lead to: billing's own, whatever its time; else the one enrolled, where a sale asked for that. */
export function macOf(
  row: Pick<AssignmentRow, 'mac' | 'enrolment' | 'enrolled' | 'removed'>,
): Register<MacAddress> | undefined {
  const { mac, enrolment, enrolled, removed } = row;
  if (mac !== undefined || enrolment === undefined || enrolled === undefined) return mac;
  return removed === undefined || isLater(enrolled, removed) ? enrolled : undefined;
}

/** The MACs the server may speak with beside its own, sorted. */
export function otherMacsOf({
  otherMacs,
  removed,
}: Pick<AssignmentRow, 'otherMacs' | 'removed'>): readonly MacAddress[] {
  if (otherMacs.length === 0) return [];
  const counts = (one: OtherMac): boolean =>
    one.value !== undefined && (removed === undefined || isLater(one, removed));
  return otherMacs.filter(counts).map(({ mac }) => mac);
}
