import type { EventStore } from '../../src/event-store/event-store.port.js';
import { appendChecks } from './event-store.append-checks.js';
import { patience, type StoreCheck } from './event-store.check.js';
import { readChecks } from './event-store.read-checks.js';
import { saboteurs } from './event-store.saboteurs.js';
import { subscriptionChecks } from './event-store.subscription-checks.js';
import { treeChecks } from './event-store.tree-checks.js';

/** A store that holds nothing, and how to be rid of it. */
export interface EmptyStore {
  readonly store: EventStore;
  readonly dispose: () => Promise<void>;
}

/** What every implementation of the port must do. */
export const eventStoreChecks: readonly StoreCheck[] = [
  ...appendChecks,
  ...readChecks,
  ...subscriptionChecks,
  ...treeChecks,
];

/**
 * The contract of the port, run on one implementation, and the proof on that implementation that the checks can fail.
 * @param skipped why it cannot be run here: the same tests are then listed as skipped
 */
export function describeEventStore(name: string, makeEmpty: () => Promise<EmptyStore>, skipped?: string): void {
  const describe = skipped === undefined ? globalThis.describe : globalThis.describe.skip;
  const because = skipped === undefined ? '' : ` [skipped: ${skipped}]`;
  const onEmptyStore = async (run: (store: EventStore) => Promise<void>): Promise<void> => {
    const { store, dispose } = await makeEmpty();
    try {
      await run(store);
    } finally {
      await dispose();
    }
  };

  describe(`event store contract: ${name}${because}`, () => {
    it.each(eventStoreChecks)('$name', (check) => onEmptyStore((store) => check.run(store)));
  });

  describe(`event store contract: ${name}, sabotaged${because}`, () => {
    beforeAll(() => (patience.now = patience.sabotaged));
    afterAll(() => (patience.now = patience.honest));

    const victims = saboteurs.flatMap(({ what, sabotage, caughtBy }) =>
      caughtBy.map((checkName) => ({ what, sabotage, checkName })),
    );

    it.each(victims)('a store that $what does not pass: $checkName', async ({ sabotage, checkName }) => {
      const check = eventStoreChecks.find((candidate) => candidate.name === checkName);
      if (check === undefined) throw new Error(`no check is called "${checkName}"`);
      await onEmptyStore((store) => expect(check.run(sabotage(store))).rejects.toThrow());
    });

    it('has a saboteur for every check', () => {
      const caught = new Set(victims.map(({ checkName }) => checkName));
      expect(eventStoreChecks.map((check) => check.name).filter((checkName) => !caught.has(checkName))).toEqual([]);
    });
  });
}
