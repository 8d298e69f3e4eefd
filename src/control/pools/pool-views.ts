import { formatInstant } from '../../../events/index.js';
import type { NetworkMap, PoolFigures } from '../../../projections/index.js';
import type { Allocator } from '../../reactors/allocator.reactor.js';
import type { Waiting } from '../../reactors/line-of-orders.js';

/** A pool as it is shown; times in RFC 3339. */
export interface PoolView {
  readonly poolId: string;
  readonly state: 'in-use' | 'retired';
  readonly prefix?: string;
  readonly site?: string;
  readonly purpose?: string;
  readonly reserved?: readonly string[];
  /** Of a pool for IPv4 add-ons that is in use. */
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

export interface WaitingView extends Omit<Waiting, 'boughtAt'> {
  readonly boughtAt: string;
}

export interface PoolsAnswer {
  readonly pools: readonly PoolView[];
  /** Add-ons that were bought without an address and have none yet, the oldest purchase first. */
  readonly waiting: readonly WaitingView[];
}

/** Every pool that was ever declared, by id, and who waits. */
export function poolsAnswer(map: NetworkMap, allocator: Pick<Allocator, 'pools' | 'waiting'>): PoolsAnswer {
  const figures = new Map(allocator.pools()?.map((one) => [one.pool.poolId, one]));
  const rows = [...map.pools.values()].sort((a, b) => (a.poolId < b.poolId ? -1 : 1));
  const pools = rows.map(({ poolId, declaration: { value } }): PoolView => {
    if (value === undefined) return { poolId, state: 'retired' };
    const { prefix, site, purpose, reserved = [] } = value;
    const known = figures.get(poolId);
    const use = known === undefined ? {} : { use: useView(known) };
    return { poolId, state: 'in-use', prefix, site, purpose, reserved, ...use };
  });
  const waiting = allocator.waiting().map((one) => ({ ...one, boughtAt: formatInstant(one.boughtAt) }));
  return { pools, waiting };
}

/** No later moment can be written down in RFC 3339. */
const latest = Date.UTC(9999, 11, 31);

function useView({ size, taken, cooling, keptBack, free, netUsePerDay, emptyAt }: PoolFigures): PoolUseView {
  const isTold = emptyAt !== undefined && emptyAt <= latest;
  const forecast = { netUsePerDay, ...(isTold ? { emptyAt: formatInstant(emptyAt) } : {}) };
  return { size, taken, cooling, keptBack, free, forecast };
}
