import type { Allocator } from './allocator.reactor.js';

/** Whether a product could be had now, and where not, why. */
export type Availability =
  | { readonly available: true; readonly free: number }
  | {
      readonly available: false;
      readonly reason: 'not-sold' | 'no-pool' | 'pool-empty' | 'starting';
      readonly text: string;
    };

/** What the configuration says of a product. */
export interface Product {
  readonly status: 'available' | 'unavailable';
  readonly text?: string;
}

/** Undefined for a product that is sold. */
export function whyNotSold({ status, text }: Product): string | undefined {
  return status === 'unavailable' ? (text ?? 'IPv4 not available') : undefined;
}

/** Of an IPv4 address at a site: the configuration comes first, then what its pools still have. */
export function availabilityOf(product: Product, allocator: Pick<Allocator, 'pools'>, site: string): Availability {
  const notSold = whyNotSold(product);
  if (notSold !== undefined) return not('not-sold', notSold);
  const figures = allocator.pools();
  if (figures === undefined) return not('starting', 'IPv4 not available: the pools are being read, ask again');
  const pools = figures.filter(({ pool }) => pool.purpose === 'ipv4-add-on' && pool.site === site);
  if (pools.length === 0)
    return not('no-pool', `IPv4 not available: there is no pool for IPv4 add-ons at site ${site}`);
  const free = pools.reduce((sum, one) => sum + one.free, 0);
  if (free > 0) return { available: true, free };
  return not('pool-empty', `IPv4 not available: no address is free in the pools for IPv4 add-ons at site ${site}`);
}

/** Of a /64 for a server of a customer: out of the customer's prefixes, or out of the pools of the site for one that has none. */
export function prefixAvailability(
  allocator: Pick<Allocator, 'freePrefixes'>,
  customerId: string | undefined,
  site: string,
): Availability {
  const free = allocator.freePrefixes(customerId, site);
  if (free === undefined) return not('starting', 'IPv6 not available: the prefixes are being read, ask again');
  if (free === 'nothing')
    return not('no-pool', `IPv6 not available: no prefix is delegated to the customer or pooled at site ${site}`);
  if (free > 0) return { available: true, free };
  return not('pool-empty', 'IPv6 not available: no /64 is free for the customer');
}

/** Of a prefix of a length for a customer, out of the pools of the site. */
export function customerPrefixAvailability(
  allocator: Pick<Allocator, 'freeCustomerPrefixes'>,
  site: string,
  length: number,
): Availability {
  const free = allocator.freeCustomerPrefixes(site, length);
  if (free === undefined) return not('starting', 'Prefix not available: the pools are being read, ask again');
  if (free === 'nothing')
    return not(
      'no-pool',
      `Prefix not available: there is no pool for customer prefixes that a /${length} fits into at site ${site}`,
    );
  if (free > 0) return { available: true, free };
  return not(
    'pool-empty',
    `Prefix not available: no /${length} is free in the pools for customer prefixes at site ${site}`,
  );
}

function not(reason: Exclude<Availability, { available: true }>['reason'], text: string): Availability {
  return { available: false, reason, text };
}
