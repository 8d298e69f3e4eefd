import type { AddressPoolAdded } from '../../events/index.js';
import type { ServerAddresses } from './address-book.js';
import type { Ipv4Pool } from './ipv4-pool.js';

const dayMs = 86_400_000;
/** How far back the use of a pool is looked at. */
const forecastDays = 30;

/** How full a pool is, and when it will be empty if it goes on as in the last 30 days. */
export interface PoolFigures {
  readonly pool: AddressPoolAdded;
  readonly size: number;
  /** Claimed by servers, whoever allocated them. */
  readonly taken: number;
  /** Given back, and kept from others for a while. */
  readonly cooling: number;
  /** Never handed out: network, broadcast, reserved and gateway addresses. */
  readonly keptBack: number;
  readonly free: number;
  /** Addresses taken less addresses given back, a day, over the last 30 days; below 0 where more came back. */
  readonly netUsePerDay: number;
  /** Ms since 1970; undefined where the use does not grow, and for a pool that is empty already. */
  readonly emptyAt: number | undefined;
}

export interface PoolUse {
  readonly servers: Iterable<ServerAddresses>;
  readonly isClaimed: (address: number) => boolean;
  readonly isCooling: (address: number) => boolean;
}

/** @param now ms since 1970 */
export function useOf(pool: Ipv4Pool, { servers, isClaimed, isCooling }: PoolUse, now: number): PoolFigures {
  const from = now - forecastDays * dayMs;
  const isRecent = (time: number): boolean => time > from && time <= now;
  const [held, cool] = [new Set<number>(), new Set<number>()];
  let net = 0;
  for (const server of servers) {
    for (const { address, since } of server.held) {
      if (!pool.contains(address)) continue;
      held.add(address);
      if (isRecent(since)) net++;
    }
    for (const { address, since, until } of server.released) {
      if (!pool.contains(address)) continue;
      if (!isClaimed(address) && isCooling(address)) cool.add(address);
      net += (isRecent(since) ? 1 : 0) - (isRecent(until) ? 1 : 0);
    }
  }
  const [taken, cooling, free] = [held.size, cool.size, pool.free.free];
  const netUsePerDay = net / forecastDays;
  return {
    pool: pool.declared,
    ...{ size: pool.size, taken, cooling, keptBack: pool.size - taken - cooling - free, free },
    netUsePerDay,
    emptyAt: free > 0 && netUsePerDay > 0 ? now + Math.ceil((free / netUsePerDay) * dayMs) : undefined,
  };
}
