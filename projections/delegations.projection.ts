import { type LedgerEvent, usualDelegatedLength } from '../events/index.js';
import { PrefixClaim, prefixIn } from './claims.js';
import {
  customerPrefixes,
  type CustomerWords,
  formerAllocationsAfter,
  type OrderedPrefix,
} from './customer-prefixes.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { writeKeyed } from './register.js';

/** The prefixes of one customer: those that were delegated by name, and those that were allocated to its orders. */
export interface DelegationRow extends CustomerWords {
  /** Those that the customer has, each with its place in line: of two customers' that overlap the later one waits. */
  readonly claims: readonly PrefixClaim[];
}

const handles = [
  'CustomerPrefixDelegated',
  'CustomerPrefixWithdrawn',
  'CustomerPrefixOrdered',
  'CustomerPrefixOrderCancelled',
  'CustomerPrefixAllocated',
] as const;
export type DelegationEventType = (typeof handles)[number];
type DelegationEvent = EventsOf<DelegationEventType>;

export const delegations: Projection<DelegationRow, DelegationEventType> = {
  name: 'delegations',
  handles,
  key: (event) => event.data.customerId,
  evolve(row, event) {
    const before: DelegationRow = row ?? { customerId: event.data.customerId, ...nothing };
    const said = wordsAfter(before, event);
    if (row !== undefined && isSame(row, said)) return row;
    return { ...said, claims: delegatedIn(said, before.claims, () => event.foldedAt) };
  },
};

/** True for what is said of the prefixes of a customer. */
export function isDelegationEvent(event: LedgerEvent): event is DelegationEvent {
  return handles.some((type) => type === event.type);
}

const nothing = { prefixes: [], orders: [], allocated: [], formers: [], claims: [] };

function wordsAfter(before: CustomerWords, event: DelegationEvent): CustomerWords {
  const { customerId, prefixes, orders, allocated } = before;
  const { time, ordinal } = event;
  switch (event.type) {
    case 'CustomerPrefixDelegated':
    case 'CustomerPrefixWithdrawn': {
      const value = event.type === 'CustomerPrefixDelegated';
      const word = { prefix: event.data.prefix, value, time, ordinal };
      return { ...before, prefixes: writeKeyed(prefixes, (one) => one.prefix, word) };
    }
    case 'CustomerPrefixOrdered':
    case 'CustomerPrefixOrderCancelled': {
      const order = { id: event.data.orderId, value: orderedBy(event), time, ordinal };
      const after = writeKeyed(orders, (one) => one.id, order);
      const formers = formerAllocationsAfter(before, { orders: after, allocated }, undefined);
      return { customerId, prefixes, orders: after, allocated, formers };
    }
    case 'CustomerPrefixAllocated': {
      const { orderId: id, prefix: value, site, poolId } = event.data;
      const chosen = { id, site, poolId, value, time, ordinal };
      const after = writeKeyed(allocated, (one) => one.id, chosen);
      const formers = formerAllocationsAfter(before, { orders, allocated: after }, chosen);
      return { customerId, prefixes, orders, allocated: after, formers };
    }
    default:
      return unreachable(event);
  }
}

function orderedBy({
  type,
  data,
}: EventsOf<'CustomerPrefixOrdered' | 'CustomerPrefixOrderCancelled'>): OrderedPrefix | undefined {
  if (type === 'CustomerPrefixOrderCancelled') return undefined;
  const { site, length = usualDelegatedLength } = data;
  return { site, length };
}

function isSame(a: CustomerWords, b: CustomerWords): boolean {
  return a.prefixes === b.prefixes && a.orders === b.orders && a.allocated === b.allocated && a.formers === b.formers;
}

/** What the words of a customer claim; a claim made without a break keeps its place in line. */
export function delegatedIn(
  words: Omit<CustomerWords, 'formers'>,
  before: readonly PrefixClaim[],
  nextPlace: () => number,
): readonly PrefixClaim[] {
  return customerPrefixes(words).map(
    ({ prefix }) => prefixIn(before, prefix) ?? new PrefixClaim(prefix, words.customerId, nextPlace()),
  );
}
