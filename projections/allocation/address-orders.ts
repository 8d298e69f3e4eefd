import { addressOf, type Allocated } from '../add-on-addresses.js';
import type { AddOn, AssignmentRow } from '../assignments.projection.js';
import { ipv4Claim } from '../claims.js';
import type { NetworkMap } from '../network-map.js';
import type { AddressOrder } from './allocation-order.js';
import { isClaimLost } from './lost-claim.js';

/** The add-ons of one server that were bought without an address and have none that they can use, by add-on; none of a server that is not sold. */
export function addressOrdersOf(map: NetworkMap, serverId: string): AddressOrder[] {
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
  const bought = { ordinal, time };
  return { product: 'ipv4', serverId, addOnId, bought, lost, customerId: customer?.value, port: port?.value };
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
  return isElsewhere || isClaimLost(map, row, ipv4Claim(address));
}

const isNamed = ({ value }: AddOn): boolean => value.state === 'bought' && value.address !== undefined;
