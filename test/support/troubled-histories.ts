import fc from './property.js';
import { LogFold } from '../../projections/index.js';
import { contestedHistories, hearsayFacts, interleaved } from './arbitrary-histories.js';
import { eventSkipped, type Fact, stored, unreadable } from './history.js';

/** Something that is put into a history: an unreadable event, or a skip of what is parked by then. */
type Trouble = { readonly where: number } & ({ readonly server: string } | { readonly which: number });

const troubles: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ where: fc.nat(20), server: fc.constantFrom('s1', 's2', 's3') }),
  fc.record({ where: fc.nat(30), which: fc.nat(2) }),
);

/**
 * Short logs with all that a fold may have to remember: contested claims, removals and new lives, links, sightings,
 * violations, journals, frozen streams with held events, and skips that open them or do not.
 */
export function troubledHistories(most = 14): fc.Arbitrary<Fact[]> {
  return fc
    .tuple(
      contestedHistories(most),
      hearsayFacts(Math.ceil(most / 2)),
      fc.array(fc.boolean()),
      fc.array(troubles, { maxLength: 5 }),
    )
    .map(([history, hearsay, picks, wanted]) => withTroubles(interleaved(history, hearsay, picks), wanted));
}

function withTroubles(facts: readonly Fact[], wanted: readonly Trouble[]): Fact[] {
  const log: Fact[] = [];
  const fold = new LogFold();
  const append = (fact: Fact): void => {
    for (const event of stored([fact], log.length)) fold.fold(event);
    log.push(fact);
  };
  for (let index = 0; index <= Math.max(facts.length, 30); index++) {
    for (const trouble of wanted.filter(({ where }) => where === index)) {
      if ('server' in trouble) append(unreadable(trouble.server, 50 + index));
      else {
        const frozen = fold.frozenStreams();
        const one = frozen[trouble.which % Math.max(1, frozen.length)];
        if (one !== undefined) append(eventSkipped(one.stream, one.parked.id, 60));
      }
    }
    const fact = facts[index];
    if (fact !== undefined) append(fact);
  }
  return log;
}
