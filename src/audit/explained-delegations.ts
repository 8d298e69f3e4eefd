import type { CustomerId, Ipv6Prefix, LedgerEvent, OrderId, PoolId, StoredEvent } from '../../events/index.js';
import { customerPrefixes, type LogFold } from '../../projections/index.js';
import { explained, type ExplainedFact, readable, within } from './explained-fact.js';
import type { KnownLog } from './known-log.js';
import { delegatesPrefix, isAbout } from './mentions.js';
import type { Subject } from './subject.js';

/** Whose prefix the subject lies in, or has in it. */
export interface ExplainedDelegation {
  readonly customerId: CustomerId;
  /** Those that the customer has in the map asked for. */
  readonly prefixes: readonly DelegatedPrefix[];
  /** In log order: what was said of them. */
  readonly chain: readonly ExplainedFact[];
}

export interface DelegatedPrefix {
  readonly prefix: Ipv6Prefix;
  /** The order that it was allocated to, and out of which pool; absent where billing delegated it by name. */
  readonly orderId?: OrderId;
  readonly poolId?: PoolId;
  /** The customer whose delegation stands before it. */
  readonly heldBy?: CustomerId;
}

export interface Concerned {
  readonly named: ReadonlySet<string>;
  readonly subject: Subject;
  readonly at: number | undefined;
  /** What counts, with all customers around. */
  readonly fold: LogFold;
}

/** Of an IPv6 address or prefix: the customers that it was delegated to, by stream. */
export async function explainedDelegations(
  log: KnownLog,
  { named, subject, at, fold }: Concerned,
): Promise<ExplainedDelegation[]> {
  const explanations: ExplainedDelegation[] = [];
  for (const stream of [...named].filter((one) => one.startsWith('customer-')).sort()) {
    const chain = delegationChain(within(await log.stream(stream), at), subject);
    if (chain.length === 0) continue;
    const customerId = stream.slice('customer-'.length) as CustomerId;
    const row = fold.map.delegations.get(customerId);
    const has = row === undefined ? [] : customerPrefixes(row).filter((one) => isAbout(one.prefix, subject));
    const prefixes = has.map(({ prefix, allocated }) => {
      const heldBy = row && fold.map.delegationHolder(row, prefix);
      const order = allocated === undefined ? {} : { orderId: allocated.id, poolId: allocated.poolId };
      return { prefix, ...order, ...(heldBy === undefined ? {} : { heldBy }) };
    });
    explanations.push({ customerId, prefixes, chain: chain.map((stored) => explained(fold, stored, [])) });
  }
  return explanations;
}

/** The events of a customer without those about other prefixes of it. */
function delegationChain(own: readonly StoredEvent[], subject: Subject): StoredEvent[] {
  const orders = new Set<string>();
  for (const { type, data } of own.flatMap(readable))
    if (type === 'CustomerPrefixAllocated' && isAbout(data.prefix, subject)) orders.add(data.orderId);
  const isMeant = (event: LedgerEvent): boolean =>
    ('orderId' in event.data && orders.has(event.data.orderId)) ||
    ((delegatesPrefix(event) || event.type === 'CustomerPrefixWithdrawn') && isAbout(event.data.prefix, subject));
  return own.filter((stored) => readable(stored).some(isMeant));
}
