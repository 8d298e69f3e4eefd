import type { CustomerId } from '../events/index.js';
import type { PrefixGrant } from './assignments.projection.js';
import { PrefixClaim, prefixIn } from './claims.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { writeKeyed } from './register.js';

/** The prefixes that were delegated to one customer. */
export interface DelegationRow {
  readonly customerId: CustomerId;
  /** Sorted by prefix; withdrawn ones are kept, so that an older fact that arrives late stays overtaken. */
  readonly prefixes: readonly PrefixGrant[];
  /** Those that are delegated, each with its place in line: of two customers' that overlap the later one waits. */
  readonly claims: readonly PrefixClaim[];
}

const handles = ['CustomerPrefixDelegated', 'CustomerPrefixWithdrawn'] as const;
export type DelegationEventType = (typeof handles)[number];

export const delegations: Projection<DelegationRow, DelegationEventType> = {
  name: 'delegations',
  handles,
  key: (event) => event.data.customerId,
  evolve(row, event) {
    const { prefix, customerId } = event.data;
    const { time, ordinal } = event;
    const word = { prefix, value: isDelegated(event), time, ordinal };
    const before = row?.prefixes ?? [];
    const prefixes = writeKeyed(before, (one) => one.prefix, word);
    if (row !== undefined && prefixes === before) return row;
    return { customerId, prefixes, claims: delegatedIn(prefixes, customerId, row?.claims ?? [], () => event.foldedAt) };
  },
};

/** What the words of a customer claim; a claim made without a break keeps its place in line. */
export function delegatedIn(
  prefixes: readonly PrefixGrant[],
  customerId: CustomerId,
  before: readonly PrefixClaim[],
  nextPlace: () => number,
): readonly PrefixClaim[] {
  const delegated = prefixes.filter(({ value }) => value);
  return delegated.map(({ prefix }) => prefixIn(before, prefix) ?? new PrefixClaim(prefix, customerId, nextPlace()));
}

function isDelegated(event: EventsOf<DelegationEventType>): boolean {
  switch (event.type) {
    case 'CustomerPrefixDelegated':
      return true;
    case 'CustomerPrefixWithdrawn':
      return false;
    default:
      return unreachable(event);
  }
}
