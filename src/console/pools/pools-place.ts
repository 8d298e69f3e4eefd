import type { PageOf } from '../page.js';

/** The pools, and the prefixes of customers: of all of them, or of one. */
export interface PoolsPlace {
  readonly view: 'pools';
  readonly customer?: string;
}

export const poolsPage: PageOf<PoolsPlace> = {
  name: 'Pools',
  letter: 'a',
  step: 'pools',
  needs: 'GET /v1/pools',
  start: { view: 'pools' },
  views: ['pools'],
  read(_steps, query) {
    const customer = query.get('customer') ?? '';
    return { view: 'pools', ...(customer === '' ? {} : { customer }) };
  },
  write: ({ customer }) => ({
    steps: [],
    ...(customer === undefined ? {} : { query: new URLSearchParams({ customer }) }),
  }),
};
