import { type PoolUse, purposeInWords, useInWords, whenEmpty } from '../../src/console/pools/pool.js';

const use = (more: Partial<PoolUse> = {}): PoolUse => ({
  ...{ size: 4_096, taken: 0, cooling: 0, keptBack: 0, free: 4_096, forecast: { netUsePerDay: 0 } },
  ...more,
});
const now = Date.parse('2026-01-01T00:00:00Z');
const emptyAt = (at: string): PoolUse => use({ forecast: { netUsePerDay: 1, emptyAt: at } });

describe('how full a pool is, in words', () => {
  it('says what is free of how many, and each part that is not', () => {
    expect(useInWords(use())).toBe('4,096 of 4,096 free');
    expect(useInWords(use({ free: 3_000, taken: 1_090, cooling: 5, keptBack: 1 }))).toBe(
      '3,000 of 4,096 free, 1,090 taken, 5 cooling down, 1 kept back',
    );
  });

  it('says when it will be empty as far as that can be told', () => {
    expect(whenEmpty(use({ free: 0 }), now)).toBe('now');
    expect(whenEmpty(use(), now)).toBe('not in sight');
    expect(whenEmpty(emptyAt('2035-12-01T00:00:00Z'), now)).toEqual({ at: '2035-12-01T00:00:00Z' });
    expect(whenEmpty(emptyAt('2036-12-01T00:00:00Z'), now)).toBe('after 10 years');
  });

  it('says what a pool is for and what it is counted in, and a purpose that it does not know as it came', () => {
    expect(purposeInWords({ poolId: 'a', state: 'in-use', purpose: 'ipv4-add-on' })).toBe('IPv4 add-ons');
    expect(purposeInWords({ poolId: 'a', state: 'in-use', purpose: 'customer-prefix', countedLength: 48 })).toBe(
      'customers, in /48s',
    );
    expect(purposeInWords({ poolId: 'a', state: 'in-use', purpose: 'later' })).toBe('later');
  });
});
