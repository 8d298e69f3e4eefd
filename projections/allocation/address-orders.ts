import type { AddOnId, CustomerId, PortId, ServerId } from '../../events/index.js';
import { addressOf, type Allocated } from '../add-on-addresses.js';
import type { AddOn, AssignmentRow } from '../assignments.projection.js';
import { Ipv4Claim } from '../claims.js';
import type { NetworkMap } from '../network-map.js';

/** An add-on that was bought without an address and has none that it can use. */
export interface AddressOrder {
  readonly serverId: ServerId;
  readonly addOnId: AddOnId;
  /** The purchase: its ordinal is the place in line. Time in ms since 1970. */
  readonly bought: { readonly ordinal: number; readonly time: number };
  /** What was allocated before, and is another's by a claim that stands earlier in the log. */
  readonly lost: Allocated | undefined;
  readonly customerId: CustomerId | undefined;
  readonly port: PortId | undefined;
}

/** The orders of one server, by add-on; none of a server that is not sold. */
export function ordersOf(map: NetworkMap, serverId: string): AddressOrder[] {
  const row = map.assignments.get(serverId);
  if (row?.added === undefined) return [];
  return row.addOns.flatMap((addOn) => orderOf(map, row, addOn) ?? []);
}

function orderOf(map: NetworkMap, row: AssignmentRow, addOn: AddOn): AddressOrder | undefined {
  const { id: addOnId, value, ordinal, time } = addOn;
  if (value.state === 'cancelled' || value.address !== undefined) return undefined;
  const lost = addressOf(addOn, row) === undefined ? undefined : row.allocated.find(({ id }) => id === addOnId);
  if (lost !== undefined && !isLost(map, row, addOn, lost)) return undefined;
  const { serverId, customer, port } = row;
  return { serverId, addOnId, bought: { ordinal, time }, lost, customerId: customer?.value, port: port?.value };
}

/**
 * Another server stands before it in line, or another add-on of this server has the same address: named by billing, or
 * allocated to one that was bought before this one was bought again.
 */
function isLost(map: NetworkMap, row: AssignmentRow, addOn: AddOn, { value: address }: Allocated): boolean {
  const isElsewhere = row.addOns.some(
    (other) =>
      other.id !== addOn.id &&
      addressOf(other, row)?.value === address &&
      (isNamed(other) || other.ordinal < addOn.ordinal),
  );
  if (isElsewhere) return true;
  const claim = row.claims.find((one) => one instanceof Ipv4Claim && one.address === address);
  return claim !== undefined && map.claims.blockerOf(row.serverId, claim) !== undefined;
}

const isNamed = ({ value }: AddOn): boolean => value.state === 'bought' && value.address !== undefined;
