import fc from 'fast-check';
import type { StoredEvent } from '../../events/index.js';
import { LogFold } from '../../projections/index.js';
import { type Fact, fold, linkUp, serverAdded, stored } from './history.js';
import { everythingOf, expectSame } from './told.js';

/** A rule told as a history and what must be true after it. */
export interface Scenario {
  readonly given?: readonly Fact[];
  readonly when: readonly Fact[];
  /** Asserts the state of the world; told again for each telling. */
  readonly then: (fold: LogFold) => void;
  /**
   * Why the order of the log decides this one (who stands first in line, the level of a link).
   * Its facts then keep their order, and the reordered telling puts strangers' facts between them instead.
   */
  readonly logOrderDecides?: string;
}

/** Tells a scenario four times, as design's tests are told: as written, reordered, every event twice, stopped and resumed. */
export function retold(rule: string, { given = [], when, then, logOrderDecides }: Scenario): void {
  const facts = [...given, ...when];
  describe(rule, () => {
    it('as written', () => then(fold(facts)));

    if (logOrderDecides === undefined) {
      it('reordered', () => {
        const orders = fc.shuffledSubarray([...facts], { minLength: facts.length, maxLength: facts.length });
        fc.assert(
          fc.property(orders, (order) => then(fold(order))),
          { numRuns: 60, seed: 1 },
        );
      });
    } else {
      it(`among strangers' facts (log order decides: ${logOrderDecides})`, () =>
        then(fold(facts.flatMap((one, index) => [...strangers(index), one]))));
    }

    it('every event twice', () => {
      then(fold(facts.flatMap((one) => [one, one])));
      then(fold([...facts, ...facts]));
      const events = stored(facts);
      then(
        inPages(
          events.map((event) => [event, event]),
          new LogFold(),
        ),
      );
    });

    it('stopped and resumed', () => {
      const events = stored(facts);
      for (let stop = 0; stop <= events.length; stop++) {
        const before = inPages([events.slice(0, stop)], new LogFold());
        const rebuilt = inPages([asReadBack(events.slice(0, stop))], new LogFold());
        expectSame(everythingOf(rebuilt), everythingOf(before));
        // The last page before the stop is handed over again, as after a dropped subscription.
        const resumed = inPages([events.slice(Math.max(0, stop - 2))], before);
        then(resumed);
        expectSame(everythingOf(resumed), everythingOf(inPages([asReadBack(events)], new LogFold())));
      }
    });
  });
}

/** Folds page after page. */
export function inPages(pages: readonly (readonly StoredEvent[])[], into: LogFold): LogFold {
  for (const page of pages) for (const event of page) into.fold(event);
  return into;
}

/** Events as they come back from a disk: equal, and not the same objects. */
export function asReadBack(events: readonly StoredEvent[]): StoredEvent[] {
  return JSON.parse(JSON.stringify(events)) as StoredEvent[];
}

function strangers(index: number): Fact[] {
  const port = `stranger${index}:Ethernet1`;
  return [serverAdded(`stranger${index}`, { customerId: 'stranger', port, vlan: 4000 }, index), linkUp(port, index)];
}
