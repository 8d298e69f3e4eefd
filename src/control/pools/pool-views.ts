import { formatInstant, type Ipv6Prefix } from '../../../events/index.js';
import { customerPrefixes, type NetworkMap, prefixesInLine, type RangeUse } from '../../../projections/index.js';
import type { Allocator } from '../../reactors/allocator.reactor.js';
import type { Waiting } from '../../reactors/line-of-orders.js';
import type { PoolFigures } from '../../reactors/stock.js';

/** A pool as it is shown; times in RFC 3339. */
export interface PoolView {
  readonly poolId: string;
  readonly state: 'in-use' | 'retired';
  readonly prefix?: string;
  readonly site?: string;
  readonly purpose?: string;
  readonly reserved?: readonly string[];
  /** Of a pool of prefixes: their length as they are counted. */
  readonly countedLength?: number;
  /** Of a pool that is in use; counted in addresses, or in prefixes of `countedLength`. Absent while the servers are looked through. */
  readonly use?: PoolUseView;
}

export interface PoolUseView {
  readonly size: number;
  readonly taken: number;
  readonly cooling: number;
  /** Never handed out: network, broadcast, reserved and gateway addresses. */
  readonly keptBack: number;
  readonly free: number;
  readonly forecast: {
    /** Taken less given back, a day, over the last 30 days. */
    readonly netUsePerDay: number;
    /** When the pool is empty if it goes on so; absent where its use does not grow, and where it is empty. */
    readonly emptyAt?: string;
  };
}

/** A prefix of a customer as it is shown. */
export interface DelegationView {
  readonly customerId: string;
  readonly prefix: string;
  /** Of the /64s in it. Absent while the servers are looked through. */
  readonly use?: PoolUseView;
  /** The customer whose delegation stands before it in the log: nothing is taken out of this one. */
  readonly heldBy?: string;
  /** The order that it was allocated to, and out of which pool; absent where billing delegated it by name. */
  readonly orderId?: string;
  readonly poolId?: string;
}

export interface WaitingView extends Omit<Waiting, 'boughtAt'> {
  readonly boughtAt: string;
}

export interface PoolsAnswer {
  readonly pools: readonly PoolView[];
  /** Prefixes of customers, by customer, the one delegated first first; of at most 100 customers. */
  readonly delegations: readonly DelegationView[];
  /** How many further customers have prefixes: ask for one by its id. */
  readonly furtherCustomers: number;
  /** What was sold without naming it and has nothing yet, the oldest sale first. */
  readonly waiting: readonly WaitingView[];
}

/** Every pool that was ever declared, by id, the prefixes of customers, and who waits. @param customer of this one alone */
export function poolsAnswer(
  map: NetworkMap,
  allocator: Pick<Allocator, 'pools' | 'waiting' | 'delegations'>,
  customer?: string,
): PoolsAnswer {
  const figures = new Map(allocator.pools()?.map((one) => [one.pool.poolId, one]));
  const rows = [...map.pools.values()].sort((a, b) => (a.poolId < b.poolId ? -1 : 1));
  const pools = rows.map(({ poolId, declaration: { value } }): PoolView => {
    if (value === undefined) return { poolId, state: 'retired' };
    const { prefix, site, purpose, reserved = [] } = value;
    const known = figures.get(poolId);
    const use = known === undefined ? {} : { ...counted(known), use: useView(known) };
    return { poolId, state: 'in-use', prefix, site, purpose, reserved, ...use };
  });
  const waiting = allocator.waiting().map((one) => ({ ...one, boughtAt: formatInstant(one.boughtAt) }));
  const having = [...map.delegations.values()].filter(({ claims }) => claims.length > 0);
  const ids = customer === undefined ? having.map(({ customerId }) => customerId).sort() : [customer];
  const delegations = ids.slice(0, mostCustomers).flatMap((id) => delegationsOf(map, allocator, id));
  return { pools, delegations, furtherCustomers: Math.max(0, ids.length - mostCustomers), waiting };
}

function counted({ countedLength }: PoolFigures): Pick<PoolView, 'countedLength'> {
  return countedLength === undefined ? {} : { countedLength };
}

const mostCustomers = 100;

function delegationsOf(map: NetworkMap, allocator: Pick<Allocator, 'delegations'>, id: string): DelegationView[] {
  const row = map.delegations.get(id);
  if (row === undefined) return [];
  const orders = new Map(customerPrefixes(row).map(({ prefix, allocated }) => [prefix, allocated]));
  const orderOf = (prefix: Ipv6Prefix): Pick<DelegationView, 'orderId' | 'poolId'> => {
    const allocated = orders.get(prefix);
    return allocated === undefined ? {} : { orderId: allocated.id, poolId: allocated.poolId };
  };
  const figures = allocator.delegations(id);
  if (figures === undefined)
    return prefixesInLine(row).map((prefix) => ({ customerId: id, prefix, ...orderOf(prefix) }));
  return figures.map(({ customerId, prefix, heldBy, ...use }) => ({
    ...{ customerId, prefix, ...orderOf(prefix), use: useView(use) },
    ...(heldBy === undefined ? {} : { heldBy }),
  }));
}

/** No later moment can be written down in RFC 3339. */
const latest = Date.UTC(9999, 11, 31);

function useView({ size, taken, cooling, keptBack, free, netUsePerDay, emptyAt }: RangeUse): PoolUseView {
  const isTold = emptyAt !== undefined && emptyAt <= latest;
  const forecast = { netUsePerDay, ...(isTold ? { emptyAt: formatInstant(emptyAt) } : {}) };
  return { size, taken, cooling, keptBack, free, forecast };
}
