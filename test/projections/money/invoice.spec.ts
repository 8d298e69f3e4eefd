import type { EventData } from '../../../events/index.js';
import { type Correction, corrections } from '../../../projections/money/corrections.js';
import { type Invoice, type InvoiceLine, Invoices } from '../../../projections/money/invoice.js';
import { parseMonth } from '../../../projections/money/month.js';
import { SaleFacts } from '../../../projections/money/sale-facts.js';
import {
  addOnRateSet,
  eventSkipped,
  type Fact,
  idAt,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv4AddressAllocated,
  serverAdded,
  serverRemoved,
  serverSuspended,
  serverTransferred,
  stored,
  unreadable,
} from '../../support/history.js';

const added = serverAdded('s1', { customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11 }, '2026-01-01T00:00:00Z');
const other = serverAdded('s2', { customerId: 'c2', port: 'leaf1:Ethernet2', vlan: 12 }, '2026-01-01T00:00:00Z');
const price = { monthlyPriceMinor: 310, currency: 'EUR' };
const address = '198.51.100.16';
const bought = (at: string, more: Partial<EventData<'Ipv4AddOnBought'>> = {}, server = 's1'): Fact =>
  ipv4AddOnBought(server, { addOnId: 'ip-1', address, ...price, ...more }, at);
const cancelled = (at: string, server = 's1'): Fact => ipv4AddOnCancelled(server, { addOnId: 'ip-1' }, at);

export function salesOf(facts: readonly Fact[]): SaleFacts {
  const sales = new SaleFacts();
  for (const event of stored(facts)) sales.take(event);
  return sales;
}

function invoiceOf(facts: readonly Fact[], month = '2026-10', ordinal?: number): Invoice {
  const of = parseMonth(month);
  if (of === undefined) throw new Error(`${month} is no month`);
  return new Invoices(salesOf(facts), ordinal).of(of);
}

const told = (lines: readonly InvoiceLine[]): unknown[] =>
  lines.map(({ customerId, from, to, began, ended, amountMinor }) => [
    customerId,
    `${day(from)}..${day(to)}`,
    `${began.why}..${ended.why}`,
    amountMinor,
  ]);
const day = (at: number): string => new Date(at).toISOString().slice(5, 10);

// October has 31 days: 310 cents a month are 10 a day.
describe('the invoice of a month', () => {
  it('bills a whole month where nothing begins or ends in it', () =>
    expect(told(invoiceOf([added, bought('2026-03-01T00:00:00Z')]).lines)).toEqual([
      ['c1', '10-01..11-01', 'month..month', 310],
    ]));

  it('bills the days from the purchase to the cancellation, and names both events', () => {
    const { lines } = invoiceOf([added, bought('2026-10-11T00:00:00Z'), cancelled('2026-10-21T00:00:00Z')]);
    expect(told(lines)).toEqual([['c1', '10-11..10-21', 'bought..cancelled', 100]]);
    expect(lines[0]).toMatchObject({
      boughtBy: idAt(1),
      began: { event: idAt(1) },
      ended: { event: idAt(2) },
      pricedBy: idAt(1),
    });
  });

  it('bills nothing before the server is sold, and nothing after it is removed', () => {
    const late = serverAdded('s3', { customerId: 'c3', port: 'leaf1:Ethernet3', vlan: 13 }, '2026-10-11T00:00:00Z');
    const removed = serverRemoved('s3', {}, '2026-10-16T00:00:00Z');
    const facts = [bought('2026-10-01T00:00:00Z', {}, 's3'), late, removed];
    expect(told(invoiceOf(facts).lines)).toEqual([['c3', '10-11..10-16', 'added..removed', 50]]);
    expect(invoiceOf(facts, '2026-11').lines).toEqual([]);
    expect(invoiceOf(facts).lines[0]?.ended.event).toBe(idAt(2));
  });

  it('parts the month where a transfer gives the server to another customer', () => {
    const transferred = serverTransferred('s1', { customerId: 'c2' }, '2026-10-11T00:00:00Z');
    expect(told(invoiceOf([added, bought('2026-03-01T00:00:00Z'), transferred]).lines)).toEqual([
      ['c1', '10-01..10-11', 'month..transferred', 100],
      ['c2', '10-11..11-01', 'transferred..month', 210],
    ]);
  });

  it('rounds the running total half up: half a cent at noon of the middle day is one', () => {
    const cent = { monthlyPriceMinor: 1 } as Partial<EventData<'Ipv4AddOnBought'>>;
    const { lines } = invoiceOf([added, bought('2026-03-01T00:00:00Z', cent), cancelled('2026-10-16T12:00:00Z')]);
    expect(lines.map(({ amountMinor }) => amountMinor)).toEqual([1]);
    const before = [added, bought('2026-03-01T00:00:00Z', cent), cancelled('2026-10-16T11:59:59.999Z')];
    expect(invoiceOf(before).lines.map(({ amountMinor }) => amountMinor)).toEqual([0]);
  });

  it('bills an address that was allocated from then on, and none that was allocated before the server was removed', () => {
    const none = { address: undefined } as unknown as Partial<EventData<'Ipv4AddOnBought'>>;
    const allocated = ipv4AddressAllocated(
      's1',
      { addOnId: 'ip-1', address, poolId: 'pool-1' },
      '2026-10-06T00:00:00Z',
    );
    const facts = [added, bought('2026-03-01T00:00:00Z', none), allocated];
    expect(told(invoiceOf(facts).lines)).toEqual([['c1', '10-06..11-01', 'allocated..month', 260]]);
    const again = serverAdded('s1', { customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11 }, '2026-10-12T00:00:00Z');
    const anew = [
      ...facts,
      serverRemoved('s1', {}, '2026-10-11T00:00:00Z'),
      again,
      bought('2026-10-13T00:00:00Z', none),
    ];
    expect(told(invoiceOf(anew).lines)).toEqual([['c1', '10-06..10-11', 'allocated..removed', 50]]);
  });

  it('goes on while the server is suspended: its address is kept for it', () => {
    const suspended = serverSuspended('s1', { reason: 'invoice overdue' }, '2026-10-11T00:00:00Z');
    expect(told(invoiceOf([added, bought('2026-03-01T00:00:00Z'), suspended]).lines)).toEqual([
      ['c1', '10-01..11-01', 'month..month', 310],
    ]);
  });

  it('takes the rate in force, and parts the month where it changes', () => {
    const free = { monthlyPriceMinor: undefined } as unknown as Partial<EventData<'Ipv4AddOnBought'>>;
    const rates = [
      addOnRateSet({ currency: 'EUR', monthlyPriceMinor: 310 }, '2026-01-01T00:00:00Z'),
      addOnRateSet({ currency: 'EUR', monthlyPriceMinor: 620 }, '2026-10-11T00:00:00Z'),
      addOnRateSet({ currency: 'EUR', monthlyPriceMinor: 620 }, '2026-10-21T00:00:00Z'),
    ];
    const { lines } = invoiceOf([added, bought('2026-03-01T00:00:00Z', free), ...rates]);
    expect(told(lines)).toEqual([
      ['c1', '10-01..10-11', 'month..price-changed', 100],
      ['c1', '10-11..11-01', 'price-changed..month', 420],
    ]);
    expect(lines.map(({ pricedBy }) => pricedBy)).toEqual([idAt(2), idAt(3)]);
    // A price of its own wins.
    expect(told(invoiceOf([added, bought('2026-03-01T00:00:00Z'), ...rates]).lines)).toEqual([
      ['c1', '10-01..11-01', 'month..month', 310],
    ]);
  });

  it('parts the month where the purchase is stated anew at another price, and nowhere else', () => {
    const same = bought('2026-10-05T00:00:00Z');
    const dearer = bought('2026-10-11T00:00:00Z', { monthlyPriceMinor: 620 });
    const { lines } = invoiceOf([added, bought('2026-03-01T00:00:00Z'), same, dearer]);
    expect(told(lines)).toEqual([
      ['c1', '10-01..10-11', 'month..restated', 100],
      ['c1', '10-11..11-01', 'restated..month', 420],
    ]);
    expect(lines.map(({ boughtBy }) => boughtBy)).toEqual([idAt(1), idAt(3)]);
  });

  const nothingSaid = { monthlyPriceMinor: undefined, currency: undefined } as unknown as Partial<
    EventData<'Ipv4AddOnBought'>
  >;
  const [euros, dollars] = ['EUR', 'USD'].map((currency) =>
    addOnRateSet({ currency, monthlyPriceMinor: 310 }, '2026-01-01T00:00:00Z'),
  ) as [Fact, Fact];
  it.each([
    ['has no price and there is no rate', nothingSaid, [], 'no-rate'],
    ['names no currency and there are rates in two', nothingSaid, [euros, dollars], 'which-currency'],
    ['is in a currency without a rate', { ...nothingSaid, currency: 'JPY' }, [euros], 'no-rate'],
    ['has no address', { address: undefined }, [euros], 'pending'],
  ])('bills nothing, and says so, where the purchase %s', (_what, data, rates, why) => {
    const { lines, unbilled } = invoiceOf([
      added,
      bought('2026-10-11T00:00:00Z', data as unknown as Partial<EventData<'Ipv4AddOnBought'>>),
      ...rates,
    ]);
    expect([lines, unbilled.length, unbilled[0]?.why, unbilled[0]?.boughtBy]).toEqual([[], 1, why, idAt(1)]);
  });

  it('bills an address once while it is sold twice, and the other from when it is free', () => {
    const facts = [
      ...[added, other, bought('2026-03-01T00:00:00Z'), bought('2026-10-06T00:00:00Z', {}, 's2')],
      cancelled('2026-10-11T00:00:00Z'),
    ];
    const { lines, unbilled } = invoiceOf(facts);
    expect(told(lines)).toEqual([
      ['c1', '10-01..10-11', 'month..cancelled', 100],
      ['c2', '10-11..11-01', 'address-freed..month', 210],
    ]);
    expect(lines[1]).toMatchObject({ boughtBy: idAt(3), began: { event: idAt(4) } });
    expect(unbilled).toMatchObject([{ serverId: 's2', why: 'waiting', boughtBy: idAt(3) }]);
  });

  it('holds back what stands behind an event that cannot be read, until that is skipped', () => {
    const facts = [added, unreadable('s1', '2026-02-01T00:00:00Z'), bought('2026-03-01T00:00:00Z')];
    expect(invoiceOf(facts).lines).toEqual([]);
    const skipped = [...facts, eventSkipped('server-s1', idAt(1), '2026-11-01T00:00:00Z')];
    expect(told(invoiceOf(skipped).lines)).toEqual([['c1', '10-01..11-01', 'month..month', 310]]);
    expect(invoiceOf(skipped, '2026-10', 2).lines).toEqual([]);
  });
});

describe('an invoice that has gone out', () => {
  const month = parseMonth('2026-10');
  if (month === undefined) throw new Error('October is a month');
  const corrected = (facts: readonly Fact[], goneOut: number): Correction[] => {
    const sales = salesOf(facts);
    const at = (ordinal: number) => ({ invoice: new Invoices(sales, ordinal).of(month), ordinal });
    return corrections(sales, at(goneOut), at(sales.ordinal));
  };

  it('is credited what a cancellation that came late takes away, and the line names it', () =>
    expect(corrected([added, bought('2026-03-01T00:00:00Z'), cancelled('2026-10-21T00:00:00Z')], 1)).toEqual([
      {
        ...{ serverId: 's1', addOnId: 'ip-1', customerId: 'c1', currency: 'EUR' },
        ...{ thenMinor: 310n, nowMinor: 200n, differenceMinor: -110n, because: [idAt(2)] },
      },
    ]));

  it('is charged what was bought before and told later, in the currency that is right', () => {
    const wrong = bought('2026-10-01T00:00:00Z', { currency: 'USD' } as Partial<EventData<'Ipv4AddOnBought'>>);
    expect(corrected([added, wrong, bought('2026-10-01T00:00:00Z')], 1)).toMatchObject([
      { currency: 'EUR', thenMinor: 0n, differenceMinor: 310n, because: [idAt(2)] },
      { currency: 'USD', nowMinor: 0n, differenceMinor: -310n, because: [idAt(2)] },
    ]);
  });

  it('needs no correction by what concerns another month', () =>
    expect(corrected([added, bought('2026-03-01T00:00:00Z'), cancelled('2026-11-21T00:00:00Z')], 1)).toEqual([]));
});
