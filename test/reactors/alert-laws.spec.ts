import fc from '../support/property.js';
import type { StoredEvent } from '../../events/index.js';
import type { AlertOutcome } from '../../src/drivers/alert/alert.port.js';
import { AlertBench, minute, type Wanted } from './alert-bench.js';

const severities = ['low', 'medium', 'high', 'critical'] as const;
const rules = ['address-spoof', 'mac-moved'];
const sites = ['ams1', 'fra1'];

/** What happens: a violation is found, the destination changes its mood, the engine is killed, time passes. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      severity: fc.constantFrom(...severities),
      rule: fc.constantFrom(...rules),
      site: fc.constantFrom(...sites),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom('well', 'refuses', 'forgets').map((mood) => ({ mood })) },
  { weight: 1, arbitrary: fc.constant({ kill: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 90 }).map((seconds) => ({ seconds })) },
);
const filter = fc.record({
  severity: fc.constantFrom(...severities),
  rules: fc.subarray(rules),
  sites: fc.subarray(sites),
});

/** The ids that a filter lets through, said once more in the simplest words. */
function expected(found: readonly StoredEvent[], wanted: Wanted): string[] {
  return found.flatMap(({ data }) => {
    const { violationId, severity, rule, site } = data as Record<'violationId' | 'severity' | 'rule' | 'site', string>;
    const isIn = (list: readonly string[] | undefined, one: string): boolean => !list?.length || list.includes(one);
    const least = severities.indexOf(wanted.severity ?? 'low');
    const fits = severities.indexOf(severity as 'low') >= least && isIn(wanted.rules, rule) && isIn(wanted.sites, site);
    return fits ? [violationId] : [];
  });
}

describe('any history of violations, failures and crashes', () => {
  it('is told in log order, exactly what the filter lets through, a second time only under the same id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), filter, async (steps, wanted) => {
        const bench = new AlertBench();
        const limits = { ...wanted, kinds: ['new'] };
        let reactor = bench.open(limits);
        await bench.pass(reactor, 1);
        const found: StoredEvent[] = [];
        for (const one of steps) {
          if ('severity' in one) found.push(bench.detected(`v${found.length}`, one));
          else if ('mood' in one) bench.sink.answer = () => answerIn(one.mood, bench);
          else if ('kill' in one) reactor = bench.restart(limits);
          else await bench.pass(reactor, one.seconds * 1000);
          bench.store.isFull = false;
        }
        bench.sink.answer = () => ({ outcome: 'delivered' });
        await bench.pass(reactor, 180 * minute);
        const byId = new Map<string, string>();
        for (const {
          id,
          items: [first],
        } of bench.sink.taken) {
          const violationId = first.violation?.violationId ?? '';
          expect(byId.get(id) ?? violationId).toBe(violationId);
          byId.set(id, violationId);
        }
        // A Map keeps the order in which each id came first.
        expect([...byId.values()]).toEqual(expected(found, wanted));
      }),
      { numRuns: 60 },
    );
  });

  it('is told of a flood without loss: what the messages stand for is what was found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }), async (bursts) => {
        const bench = new AlertBench();
        const reactor = bench.open({ atOnce: 3, everyMs: 20_000, kinds: ['new'] });
        await bench.pass(reactor, 1);
        let count = 0;
        for (const burst of bursts) {
          for (let n = 0; n < burst; n++) bench.detected(`v${count++}`);
          await bench.pass(reactor, 5_000);
        }
        await bench.pass(reactor, 5 * minute);
        expect(bench.sink.taken.reduce((sum, message) => sum + message.count, 0)).toBe(count);
        // Five seconds a burst, one message more every twenty, three at once.
        expect(bench.sink.taken.length).toBeLessThanOrEqual(3 + Math.ceil((bursts.length * 5 + 300) / 20));
        const shown = bench.sink.taken.flatMap(({ items }) => items.map((item) => item.violation?.violationId));
        expect(shown).toEqual(Array.from({ length: count }, (_, n) => `v${n}`));
      }),
      { numRuns: 30 },
    );
  });
});

/** `forgets`: it takes the message, and then the log takes nothing, so that nobody remembers. */
function answerIn(mood: string, bench: AlertBench): AlertOutcome {
  if (mood === 'refuses') return { outcome: 'refused', reason: 'it answered 503' };
  bench.store.isFull = mood === 'forgets';
  return { outcome: 'delivered' };
}
