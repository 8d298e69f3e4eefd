import fc from '../support/property.js';
import { type Outcome, PortledgerClient } from '../../src/client/index.js';
import { fact, token } from './moody-client.js';
import { type Mood, MoodyEngine } from './moody-engine.js';

const runs = process.env['PORTLEDGER_LONG'] === '1' ? 2_000 : 60;

const anyMood: fc.Arbitrary<Mood> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Mood>('well') },
  { weight: 5, arbitrary: fc.constantFrom<Mood>('reset before', 'reset after', 'half body', 'proxy') },
  { weight: 3, arbitrary: fc.constantFrom(429, 503, 507).map((status): Mood => ({ status })) },
);

interface Case {
  /** What each subject tells, in order, and whether it is refused. */
  readonly facts: readonly { readonly server: string; readonly refused: boolean; readonly pause: boolean }[];
  readonly moods: readonly Mood[];
  readonly concurrency: number;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  facts: fc.array(
    fc.record({
      server: fc.constantFrom('s1', 's2', 's3', 's4'),
      refused: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
      pause: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
    }),
    { minLength: 1, maxLength: 60 },
  ),
  moods: fc.array(anyMood, { maxLength: 25 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
});

/** Publishes all at once, but for a few turns of the event loop, and tells what became of each. */
async function publish(engine: MoodyEngine, { facts, moods, concurrency }: Case): Promise<Outcome[]> {
  const waiting = [...moods];
  engine.mood = () => waiting.shift() ?? 'well';
  const pauses = { firstMs: 0.5, longestMs: 2 };
  const client = new PortledgerClient({ url: engine.url, token, source: 'urn:test', pauses, gatherMs: 0, concurrency });
  const outcomes: Promise<Outcome>[] = [];
  for (const [index, { server, refused, pause }] of facts.entries()) {
    outcomes.push(client.publish(fact(`f${index}`, server, refused ? 'no' : 'yes')));
    if (pause) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const all = await Promise.all(outcomes);
  await client.close();
  return all;
}

describe('whatever goes wrong on the way', () => {
  it('each fact is stored exactly once or told to be refused, in the order of its subject, and none overtakes a refused one', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const engine = await MoodyEngine.start();
        try {
          const outcomes = await publish(engine, one);
          const stored = outcomes.filter((outcome) => outcome.stored).map(({ id }) => id);
          expect([...engine.storedIds()].sort()).toEqual([...stored].sort());
          for (const server of ['s1', 's2', 's3', 's4']) {
            const told = outcomes.filter((_, index) => one.facts[index]?.server === server);
            expect(engine.storedIds(server)).toEqual(told.filter((outcome) => outcome.stored).map(({ id }) => id));
            told.forEach((outcome, index) => {
              const isWrong = one.facts[Number(outcome.id.slice(1))]?.refused === true;
              const code = outcome.stored ? undefined : outcome.code;
              if (outcome.stored) expect(isWrong).toBe(false);
              else if (code === 'predecessor-refused') expect(told[index - 1]?.stored).toBe(false);
              else expect({ code, isWrong }).toEqual({ code: 'invalid-event', isWrong: true });
            });
          }
        } finally {
          await engine.stop();
        }
      }),
      { numRuns: runs },
    );
  });
});
