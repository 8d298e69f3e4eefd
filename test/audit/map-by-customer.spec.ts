import fc from '../support/property.js';
import { FindIndex } from '../../src/audit/find/find-index.js';
import { serversOfCustomer } from '../../src/audit/find/servers-of-customer.js';
import { bindingsOf } from '../../src/audit/map-answer.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { contestedHistories } from '../support/arbitrary-histories.js';
import { type Fact, serverAdded, serverTransferred, stored } from '../support/history.js';

const patienceMs = 60_000;
const page = { limit: 500 };

/** A live map and its index; the facts from `after` on are folded once the index was made. */
async function indexed(facts: readonly Fact[], after: number): Promise<{ live: LiveMap; index: FindIndex }> {
  const live = new LiveMap('log-1');
  const events = stored(facts);
  live.foldPage(events.slice(0, after));
  live.becameLive();
  const index = new FindIndex(live);
  expect(await index.ready(patienceMs)).toBe(true);
  live.foldPage(events.slice(after));
  expect(await index.ready(patienceMs)).toBe(true);
  return { live, index };
}

describe('the map of a customer', () => {
  it('is what a walk through the whole map finds, also after transfers, removals and corrections', async () => {
    await fc.assert(
      fc.asyncProperty(contestedHistories(40), fc.nat(), async (facts, cut) => {
        const { live, index } = await indexed(facts, cut % (facts.length + 1));
        const customers = new Set([...live.map.assignments.values()].flatMap(({ customer }) => customer?.value ?? []));
        for (const customer of [...customers, 'nobody', 'C', '']) {
          const candidates = serversOfCustomer(live.map, index, customer);
          for (const filters of [{ customer }, { customer, switch: 'leaf1' }])
            expect(bindingsOf(live.map, filters, page, candidates)).toEqual(bindingsOf(live.map, filters, page));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('tells apart customers of whom one name begins like the other, and those that differ in upper case', async () => {
    const server = (id: string, customerId: string, n: number): Fact =>
      serverAdded(id, { customerId, port: `leaf1:Ethernet${n}`, vlan: n, mac: `52:54:00:00:00:${10 + n}` }, n);
    const facts = ['c1', 'C1', 'c10', 'c1-x', 'c1'].map((customer, n) => server(`s${n}`, customer, n + 1));
    const { live, index } = await indexed([...facts, serverTransferred('s0', { customerId: 'c10' }, 99)], 5);
    const of = (customer: string): string[] => [...serversOfCustomer(live.map, index, customer)].sort();
    expect([of('c1'), of('C1'), of('c10'), of('c1-x'), of('c')]).toEqual([['s4'], ['s1'], ['s0', 's2'], ['s3'], []]);
  });
});
