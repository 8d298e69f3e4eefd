import type { EventType, LedgerEvent } from '../events/index.js';
import { addOnAddresses, unallocatedAddOns } from './add-on-addresses.js';
import { type AssignmentRow, assignments } from './assignments.projection.js';
import type { Conflict } from './binding.js';
import { type Claim, prefixClaim } from './claims.js';
import { customerPrefixes, unallocatedCustomerOrders } from './customer-prefixes.js';
import { type DelegationEventType, isDelegationEvent } from './delegations.projection.js';
import { grantedPrefixes, unallocatedOrders } from './granted-prefixes.js';
import type { LogFold } from './log-fold.js';
import { macOf } from './macs.js';
import { type EventsOf, unreachable } from './projection.js';
import { isLater, type Stamp } from './register.js';

/** What a stored fact means for the map as it is now. */
export type Effect = 'applied' | 'pending' | 'conflicted' | 'overtaken' | 'held';

export interface FactEffect {
  readonly effect: Effect;
  /** The claims this fact makes that another server holds, or customer where it delegates; for a transfer also the claims it made wait. */
  readonly conflicts: readonly Conflict[];
}

type AssignmentEvent = EventsOf<(typeof assignments.handles)[number]>;
const plain = (effect: Effect): FactEffect => ({ effect, conflicts: [] });

/** What must be known of a fold to tell an effect; a trial answers the same questions. */
export interface FoldAnswers {
  readonly isHeld: LogFold['isHeld'];
  readonly map: Pick<LogFold['map'], 'conflictsOf' | 'nestedWaitingFor' | 'delegationHolder'> & {
    readonly assignments: Pick<LogFold['map']['assignments'], 'get'>;
    readonly gateways: Pick<LogFold['map']['gateways'], 'get'>;
    readonly delegations: Pick<LogFold['map']['delegations'], 'get'>;
  };
}

/** The effect of an event that this fold has folded. */
export function effectOf(fold: FoldAnswers, event: LedgerEvent): FactEffect {
  if (fold.isHeld(event)) return plain('held');
  if (isAssignmentEvent(event)) return assignmentEffect(fold, event);
  if (event.type === 'GatewayDeclared' || event.type === 'GatewayRetired') {
    const winner = fold.map.gateways.get(event.data.switch)?.declaration.ordinal;
    return plain(winner === event.ordinal ? 'applied' : 'overtaken');
  }
  if (isDelegationEvent(event)) return delegationEffect(fold, event);
  return plain('applied');
}

function delegationEffect({ map }: FoldAnswers, event: EventsOf<DelegationEventType>): FactEffect {
  const row = map.delegations.get(event.data.customerId);
  const counts = row === undefined ? [] : [...row.prefixes, ...row.orders, ...customerPrefixes(row)];
  if (row === undefined || !hasFact(counts, event.ordinal)) return plain('overtaken');
  if (event.type === 'CustomerPrefixOrdered') {
    const { orderId } = event.data;
    return plain(unallocatedCustomerOrders(row).some(({ id }) => id === orderId) ? 'pending' : 'applied');
  }
  if (event.type === 'CustomerPrefixOrderCancelled') return plain('applied');
  const { prefix } = event.data;
  const holder = map.delegationHolder(row, prefix);
  if (holder === undefined) return plain('applied');
  return { effect: 'conflicted', conflicts: [{ claim: prefixClaim(prefix), holder }] };
}

const assignmentTypes: ReadonlySet<EventType> = new Set(assignments.handles);

function isAssignmentEvent(event: LedgerEvent): event is AssignmentEvent {
  return assignmentTypes.has(event.type);
}

function assignmentEffect(fold: FoldAnswers, event: AssignmentEvent): FactEffect {
  const row = fold.map.assignments.get(event.data.serverId);
  if (row === undefined || !won(row, event)) return plain('overtaken');
  if (event.type === 'ServerRemoved') return plain('applied');
  if (row.added === undefined) return plain('pending');
  const conflicts = fold.map.conflictsOf(row, (claim) => concerns(event, claim));
  // A transfer may make nested prefixes cross customers: the claim later in line waits, be it this server's or another's.
  const crossing = event.type === 'ServerTransferred' ? fold.map.nestedWaitingFor(row.serverId) : [];
  if (conflicts.length > 0) return { effect: 'conflicted', conflicts: [...conflicts, ...crossing] };
  if (crossing.length > 0) return { effect: 'applied', conflicts: crossing };
  return plain(isUnallocated(row, event) ? 'pending' : 'applied');
}

/** True when at least one register still holds this very fact. */
function won(row: AssignmentRow, event: AssignmentEvent): boolean {
  const { ordinal } = event;
  return (
    row.added?.ordinal === ordinal ||
    row.removed?.ordinal === ordinal ||
    row.customer?.ordinal === ordinal ||
    row.port?.ordinal === ordinal ||
    row.vlan?.ordinal === ordinal ||
    row.mac?.ordinal === ordinal ||
    row.linkLocal?.ordinal === ordinal ||
    row.suspended?.ordinal === ordinal ||
    macOf(row)?.ordinal === ordinal ||
    hasFact(
      row.otherMacs.filter((one) => row.removed === undefined || isLater(one, row.removed)),
      ordinal,
    ) ||
    hasFact(row.addOns, ordinal) ||
    hasFact([...addOnAddresses(row)], ordinal) ||
    hasFact(row.prefixes, ordinal) ||
    hasFact(row.prefixOrders, ordinal) ||
    hasFact(grantedPrefixes(row), ordinal)
  );
}

/** True for what was sold without naming an address or a prefix, and has none yet. */
function isUnallocated(row: AssignmentRow, event: AssignmentEvent): boolean {
  if (event.type === 'Ipv4AddOnBought') return unallocatedAddOns(row).some(({ id }) => id === event.data.addOnId);
  if (event.type === 'Ipv6PrefixOrdered') return unallocatedOrders(row).some(({ id }) => id === event.data.orderId);
  return false;
}

function hasFact(registers: readonly Stamp[], ordinal: number): boolean {
  for (const one of registers) if (one.ordinal === ordinal) return true;
  return false;
}

/** A fact is told of the claims that it makes itself, and of no other that its server makes. */
function concerns(event: AssignmentEvent, claim: Claim): boolean {
  switch (event.type) {
    case 'ServerAdded':
      return true;
    case 'ServerMoved':
    case 'ServerRecordCorrected':
      return claim.kind === 'vlan' || claim.kind === 'mac';
    case 'ServerNicReplaced':
    case 'ServerMacEnrolled':
      return claim.kind === 'mac';
    case 'ServerTransferred':
      return claim.kind === 'prefix';
    case 'Ipv6PrefixAssigned':
    case 'Ipv6PrefixAllocated':
      return claim.kind === 'prefix' && claim.prefix === event.data.prefix;
    case 'Ipv4AddOnBought':
    case 'Ipv4AddressAllocated':
      return claim.kind === 'ipv4' && claim.address === event.data.address;
    case 'ServerSuspended':
    case 'ServerResumed':
    case 'ServerRemoved':
    case 'Ipv6PrefixReleased':
    case 'Ipv6PrefixOrdered':
    case 'Ipv6PrefixOrderCancelled':
    case 'Ipv4AddOnCancelled':
    case 'ServerMacAdded':
    case 'ServerMacRemoved':
      return false;
    default:
      return unreachable(event);
  }
}
