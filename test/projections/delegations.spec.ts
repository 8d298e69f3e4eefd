import { effectOf, type LogFold, mapHash, Trial } from '../../projections/index.js';
import { decodeEvent, type LedgerEvent, type StoredEvent } from '../../events/index.js';
import { customerPrefixDelegated, customerPrefixWithdrawn, type Fact, fold, stored } from '../support/history.js';
import fc from '../support/property.js';
import { rowsOf } from '../support/told.js';

const prefixes = ['2001:db8:7::/48', '2001:db8:7:100::/56', '2001:db8:8::/48'] as const;
const delegated = (customer: string, prefix: string, at: number): Fact => customerPrefixDelegated(customer, prefix, at);

/** Who holds each delegation, as `customer prefix` or `customer prefix!holder`. */
function held({ map }: LogFold): string[] {
  return [...map.delegations.values()]
    .flatMap((row) =>
      row.claims.map(({ prefix }) => {
        const holder = map.delegationHolder(row, prefix);
        return `${row.customerId} ${prefix}${holder === undefined ? '' : `!${holder}`}`;
      }),
    )
    .sort();
}

const words: fc.Arbitrary<Fact[]> = fc
  .array(fc.tuple(fc.constantFrom('c1', 'c2', 'c3'), fc.constantFrom(...prefixes), fc.boolean()), { maxLength: 20 })
  .chain((list) =>
    fc
      .shuffledSubarray([...list.keys()], { minLength: list.length, maxLength: list.length })
      .map((times) =>
        list.map(([customer, prefix, isDelegated], index) =>
          (isDelegated ? customerPrefixDelegated : customerPrefixWithdrawn)(customer, prefix, times[index] ?? 0),
        ),
      ),
  );

const read = (event: StoredEvent): LedgerEvent => {
  const decoded = decodeEvent(event);
  if (!decoded.readable) throw new Error(`The event ${event.id} of a test cannot be read.`);
  return decoded.event;
};

describe('delegations of prefixes to customers', () => {
  it('are the same rows in whatever order, and however often, they are told', () => {
    fc.assert(
      fc.property(
        words.chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
          ),
        ),
        ([facts, shuffled]) => expect(rowsOf(fold([...shuffled, ...shuffled]))).toEqual(rowsOf(fold(facts))),
      ),
    );
  });

  it('hold in log order where those of two customers overlap: the later one waits, until the earlier one is withdrawn', () => {
    const facts = [
      delegated('c1', '2001:db8:7::/48', 9),
      delegated('c2', '2001:db8:7:100::/56', 1),
      delegated('c2', '2001:db8:8::/48', 1),
    ];
    expect(held(fold(facts))).toEqual(['c1 2001:db8:7::/48', 'c2 2001:db8:7:100::/56!c1', 'c2 2001:db8:8::/48']);
    const withdrawn = [...facts, customerPrefixWithdrawn('c1', '2001:db8:7::/48', 10)];
    expect(held(fold(withdrawn))).toEqual(['c2 2001:db8:7:100::/56', 'c2 2001:db8:8::/48']);
    // Delegated again, it stands behind.
    expect(held(fold([...withdrawn, delegated('c1', '2001:db8:7::/48', 11)]))).toContain('c1 2001:db8:7::/48!c2');
  });

  it('keep their place in line whatever else of the customer is said, and however often it is restated', () => {
    const facts = [
      delegated('c1', '2001:db8:7::/48', 1),
      delegated('c2', '2001:db8:7:100::/56', 2),
      delegated('c1', '2001:db8:8::/48', 3),
      delegated('c1', '2001:db8:7::/48', 4),
    ];
    expect(held(fold(facts))).toContain('c2 2001:db8:7:100::/56!c1');
  });

  it('may nest within one customer', () => {
    const nested = fold([delegated('c1', '2001:db8:7::/48', 1), delegated('c1', '2001:db8:7:100::/56', 1)]);
    expect(held(nested)).toEqual(['c1 2001:db8:7:100::/56', 'c1 2001:db8:7::/48']);
  });

  it('grant no server anything, and are told apart by the hash of the map', () => {
    const nothing = fold([]);
    const one = fold([delegated('c1', '2001:db8:7::/48', 1)]);
    expect([...one.map.bindings()]).toEqual([]);
    expect(mapHash(one.map)).not.toBe(mapHash(nothing.map));
  });

  it('answer, stored or rehearsed, who stands before them, and what was overtaken', () => {
    const facts = [
      delegated('c1', '2001:db8:7::/48', 1),
      delegated('c2', '2001:db8:7:100::/56', 1),
      customerPrefixWithdrawn('c1', '2001:db8:8::/48', 5),
      delegated('c1', '2001:db8:8::/48', 4),
    ];
    const conflicts = [{ claim: 'prefix 2001:db8:7:100::/56', holder: 'c1' }];
    const applied = { effect: 'applied', conflicts: [] };
    const answers = [applied, { effect: 'conflicted', conflicts }, applied, { effect: 'overtaken', conflicts: [] }];
    const events = stored(facts);
    const folded = fold(facts);
    expect(events.map((event) => effectOf(folded, read(event)))).toEqual(answers);
    const trial = new Trial(fold([]));
    for (const event of events) trial.fold(read(event));
    expect(events.map((event) => trial.effectOf(read(event)))).toEqual(answers);
  });
});
