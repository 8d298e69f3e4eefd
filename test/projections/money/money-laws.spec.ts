import { addressOf } from '../../../projections/add-on-addresses.js';
import type { AssignmentRow } from '../../../projections/index.js';
import { corrections } from '../../../projections/money/corrections.js';
import { type Invoice, Invoices } from '../../../projections/money/invoice.js';
import { monthsUpTo, parseMonth } from '../../../projections/money/month.js';
import { proRata } from '../../../projections/money/pro-rata.js';
import { SaleFacts } from '../../../projections/money/sale-facts.js';
import {
  addOnRateSet,
  type Fact,
  fold,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv4AddressAllocated,
  serverAdded,
  serverRemoved,
  serverTransferred,
  stored,
} from '../../support/history.js';
import fc from '../../support/property.js';

const october = parseMonth('2026-10');
if (october === undefined) throw new Error('October is a month');
const hours = 3_600_000;
/** Facts fall on full hours from September to November, a sample between any two of them. */
const moments = Array.from({ length: 24 * 4 }, (_, at) => october.from + (at - 24) * 12 * hours);
const instant = (at: number): string => new Date(at).toISOString();

const server = fc.constantFrom('s1', 's2', 's3');
const addOnId = fc.constantFrom('ip-1', 'ip-2');
const customerId = fc.constantFrom('c1', 'c2');
const addresses = ['198.51.100.1', '198.51.100.2'] as const;
const priced = fc.constantFrom(
  {},
  { monthlyPriceMinor: 199, currency: 'EUR' },
  { monthlyPriceMinor: 1_000_003, currency: 'EUR' },
  { currency: 'JPY' },
);

type Telling = (at: string) => Fact;
const telling: fc.Arbitrary<Telling> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(server, customerId).map(([id, customer]): Telling => {
      const place = { port: `leaf1:Ethernet${id.slice(1)}`, vlan: 10 + Number(id.slice(1)) };
      return (at) => serverAdded(id, { customerId: customer, ...place }, at);
    }),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(server, addOnId, priced, fc.constantFrom(...addresses, undefined)).map(
      ([id, addOn, price, address]): Telling =>
        (at) =>
          ipv4AddOnBought(id, { addOnId: addOn, ...price, ...(address === undefined ? {} : { address }) }, at),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(server, addOnId).map(
      ([id, addOn]): Telling =>
        (at) =>
          ipv4AddOnCancelled(id, { addOnId: addOn }, at),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(server, addOnId, fc.constantFrom(...addresses)).map(
      ([id, addOn, address]): Telling =>
        (at) =>
          ipv4AddressAllocated(id, { addOnId: addOn, address, poolId: 'pool-1' }, at),
    ),
  },
  server.map(
    (id): Telling =>
      (at) =>
        serverRemoved(id, {}, at),
  ),
  fc.tuple(server, customerId).map(
    ([id, customer]): Telling =>
      (at) =>
        serverTransferred(id, { customerId: customer }, at),
  ),
  fc.tuple(fc.constantFrom('EUR', 'JPY'), fc.constantFrom(0, 7, 250)).map(
    ([currency, monthlyPriceMinor]): Telling =>
      (at) =>
        addOnRateSet({ currency, monthlyPriceMinor }, at),
  ),
);

/** No two facts of one time: who of two is later then is up to the log. */
const history: fc.Arbitrary<Fact[]> = fc
  .array(telling, { minLength: 1, maxLength: 24 })
  .chain((tellings) =>
    fc
      .shuffledSubarray(moments, { minLength: tellings.length, maxLength: tellings.length })
      .map((times) => tellings.map((tell, at) => tell(instant(times[at] ?? october.from)))),
  );

const salesOf = (facts: readonly Fact[]): SaleFacts => {
  const sales = new SaleFacts();
  for (const event of stored(facts)) sales.take(event);
  return sales;
};
const invoiceOf = (facts: readonly Fact[], month = october): Invoice => new Invoices(salesOf(facts)).of(month);

/** All but the ids, which say where in the log a fact stands. */
function anonymous({ lines, unbilled }: Invoice): unknown {
  return [...lines, ...unbilled].map((one) => {
    const turns = { began: one.began.why, ended: one.ended.why };
    return { ...one, ...turns, boughtBy: undefined, pricedBy: undefined };
  });
}

/** The address of an add-on as the row of the map tells it. */
function addressIn(row: AssignmentRow, addOn: string): string | undefined {
  const found = row.addOns.find(({ id }) => id === addOn);
  return found === undefined ? undefined : addressOf(found, row)?.value;
}

const samples = moments.map((at) => at + hours).filter((at) => at >= october.from && at < october.to);
const covers = ({ from, to }: { from: number; to: number }, at: number): boolean => from <= at && at < to;

describe('money, of any history:', () => {
  it('at every moment exactly what the map shows sold stands on the invoice or beside it', () =>
    fc.assert(
      fc.property(history, (facts) => {
        const { lines, unbilled } = invoiceOf(facts);
        const said = [...lines, ...unbilled];
        for (const at of samples) {
          const { map } = fold(facts, { at });
          const sold = [...map.assignments.keys()].flatMap((id) => {
            const row = map.assignments.get(id);
            if (row?.added === undefined) return [];
            return row.addOns.flatMap(({ id: addOn, value }) =>
              value.state === 'bought' ? [`${id} ${addOn} ${row.customer?.value} ${addressIn(row, addOn)}`] : [],
            );
          });
          const found = said
            .filter((one) => covers(one, at))
            .map((one) => `${one.serverId} ${one.addOnId} ${one.customerId} ${one.address}`);
          expect(found.sort()).toEqual(sold.sort());
        }
      }),
      { numRuns: 60 },
    ));

  it('an address that is sold is paid for or has no price, and never twice', () =>
    fc.assert(
      fc.property(history, (facts) => {
        const { lines, unbilled } = invoiceOf(facts);
        for (const at of samples)
          for (const address of addresses) {
            const of = <Item extends { from: number; to: number; address: unknown }>(all: readonly Item[]): Item[] =>
              all.filter((one) => one.address === address && covers(one, at));
            const [paid, rest] = [of(lines).length, of(unbilled)];
            const unpriced = rest.filter(({ why }) => why !== 'waiting').length;
            expect(paid + unpriced).toBe(paid + rest.length === 0 ? 0 : 1);
          }
      }),
      { numRuns: 300 },
    ));

  it('no delivery order and no double changes an invoice', () =>
    fc.assert(
      fc.property(
        history.chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length, maxLength: 2 * facts.length }),
          ),
        ),
        ([facts, delivered]) => expect(anonymous(invoiceOf(delivered))).toEqual(anonymous(invoiceOf(facts))),
      ),
      { numRuns: 500 },
    ));

  it('no amount is below zero or above the price, and each is within one unit of its exact share', () =>
    fc.assert(
      fc.property(history, (facts) => {
        for (const { amountMinor, monthlyPriceMinor, from, to } of invoiceOf(facts).lines) {
          const exact = (monthlyPriceMinor * (to - from)) / (october.to - october.from);
          expect(Math.abs(amountMinor - exact)).toBeLessThan(1);
          expect(amountMinor >= 0 && amountMinor <= monthlyPriceMinor).toBe(true);
        }
      }),
    ));

  it('the parts of a month add up to its price, however it is cut', () =>
    fc.assert(
      fc.property(
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        fc.array(fc.integer({ min: october.from, max: october.to }), { maxLength: 40 }),
        (price, cuts) => {
          const edges = [october.from, ...cuts.sort((a, b) => a - b), october.to];
          const parts = edges.slice(1).map((to, at) => proRata(price, october, edges[at] ?? to, to));
          expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(price));
          expect(parts.every((part) => part >= 0)).toBe(true);
        },
      ),
    ));

  it('an address that moves from server to server at one price costs what it costs at one of them', () =>
    fc.assert(
      fc.property(
        fc.shuffledSubarray(moments.slice(24, 80), { minLength: 2, maxLength: 8 }),
        fc.nat(10_000),
        (times, price) => {
          const moves = times.sort((a, b) => a - b);
          const facts = ['s1', 's2'].map((id) =>
            serverAdded(
              id,
              { customerId: 'c1', port: `leaf1:Ethernet${id.slice(1)}`, vlan: 11 },
              '2026-01-01T00:00:00Z',
            ),
          );
          const sale = { addOnId: 'ip-1', address: addresses[0], monthlyPriceMinor: price, currency: 'EUR' };
          facts.push(ipv4AddOnBought('s1', sale, '2026-02-01T00:00:00Z'));
          moves.forEach((at, index) => {
            const [from, to] = index % 2 === 0 ? ['s1', 's2'] : ['s2', 's1'];
            facts.push(ipv4AddOnCancelled(from ?? '', { addOnId: 'ip-1' }, instant(at)));
            facts.push(ipv4AddOnBought(to ?? '', sale, instant(at)));
          });
          const { lines } = invoiceOf(facts);
          expect(lines.length).toBe(moves.length + (moves.includes(october.from) ? 0 : 1));
          expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(price);
        },
      ),
    ));

  it('an invoice that went out and its corrections are the invoice of today', () =>
    fc.assert(
      fc.property(history, fc.nat(23), (facts, goneOut) => {
        const sales = salesOf(facts);
        const known = (ordinal: number) => ({ invoice: new Invoices(sales, ordinal).of(october), ordinal });
        const [then, now] = [known(Math.min(goneOut, sales.ordinal)), known(sales.ordinal)];
        const found = corrections(sales, then, now);
        const sums = new Map<string, bigint>();
        const add = (key: string, amount: bigint): void => void sums.set(key, (sums.get(key) ?? 0n) + amount);
        for (const line of then.invoice.lines) add(`${line.customerId} ${line.currency}`, BigInt(line.amountMinor));
        for (const one of found) add(`${one.customerId} ${one.currency}`, one.differenceMinor);
        for (const line of now.invoice.lines) add(`${line.customerId} ${line.currency}`, -BigInt(line.amountMinor));
        expect([...sums.values()].filter((rest) => rest !== 0n)).toEqual([]);
        for (const one of found) expect(one.because.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    ));
});

describe('a month', () => {
  it('is what the calendar says', () => {
    expect(monthsUpTo(october, 11).map(({ name }) => name)[0]).toBe('2025-12');
    const days = monthsUpTo(october, 33).map(({ name, from, to }) => [name, (to - from) / (24 * hours)]);
    expect(days.filter(([name]) => String(name).endsWith('-02')).map(([, count]) => count)).toEqual([29, 28, 28]);
  });
  it.each(['2026-13', '2026-00', '2026-1', '26-10', '2026-10-01', '', '9999-12'])('"%s" is none', (text) =>
    expect(parseMonth(text)).toBeUndefined(),
  );
});
