import fc from './property.js';
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
  /**
   * Why the order within a stream decides this one, and no order between streams does.
   * The reordered telling then mixes the streams, and leaves each in its order.
   */
  readonly streamOrderDecides?: string;
}

/** Tells a scenario four times, as design's tests are told: as written, reordered, every event twice, stopped and resumed. */
export function retold(rule: string, scenario: Scenario): void {
  const { given = [], when, then, logOrderDecides, streamOrderDecides } = scenario;
  const facts = [...given, ...when];
  describe(rule, () => {
    it('as written', () => then(fold(facts)));

    const everyOrder = (name: string, orderOf: (shuffled: Fact[]) => Fact[]): void =>
      it(name, () => {
        const orders = fc.shuffledSubarray([...facts], { minLength: facts.length, maxLength: facts.length });
        fc.assert(
          fc.property(orders, (order) => then(fold(orderOf(order)))),
          { numRuns: 60, seed: 1 },
        );
      });
    if (streamOrderDecides !== undefined) {
      everyOrder(`its streams mixed (their own order decides: ${streamOrderDecides})`, (shuffled) =>
        eachStreamInOrder(shuffled, facts),
      );
    } else if (logOrderDecides === undefined) {
      everyOrder('reordered', (shuffled) => shuffled);
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

/** The shuffled facts, where those of one stream take the places of that stream in the order they were told. */
function eachStreamInOrder(shuffled: readonly Fact[], told: readonly Fact[]): Fact[] {
  const left = [...told];
  return shuffled.flatMap(({ stream }) =>
    left.splice(
      left.findIndex((one) => one.stream === stream),
      1,
    ),
  );
}

function strangers(index: number): Fact[] {
  const port = `stranger${index}:Ethernet1`;
  return [serverAdded(`stranger${index}`, { customerId: 'stranger', port, vlan: 4000 }, index), linkUp(port, index)];
}
