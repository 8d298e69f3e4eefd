import fc from '../support/property.js';
import { CallerLimits } from '../../src/auth/caller-limits.js';
import type { Principal } from '../../src/auth/principal.js';
import { ProblemError } from '../../src/ops/problem.js';

const caller = (callerId: string): Principal => ({
  kind: 'token',
  callerId,
  name: callerId,
  scopes: ['publisher'],
  source: undefined,
});

function limited(requestsPerSecond: number, eventsPerSecond = 1000) {
  let now = 0;
  const limits = new CallerLimits({ requestsPerSecond, eventsPerSecond }, undefined, () => now);
  const spend = (callerId: string, kind: 'requests' | 'events' = 'requests', amount = 1): ProblemError | undefined => {
    try {
      limits.spend(kind, caller(callerId), amount);
      return undefined;
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
  };
  const passing = (callerId: string, tries: number): number =>
    Array.from({ length: tries }, () => spend(callerId)).filter((problem) => problem === undefined).length;
  return { limits, spend, passing, at: (ms: number) => void (now = ms) };
}

describe('a caller', () => {
  it('may send ten seconds’ worth at once, and then as much as each second brings', () => {
    const { passing, at } = limited(50);
    expect(passing('a', 600)).toBe(500);
    at(1000);
    expect(passing('a', 600)).toBe(50);
    at(1010);
    expect(passing('a', 600)).toBe(0);
    at(100_000);
    expect(passing('a', 600)).toBe(500);
  });

  it('is told by 429 how long to wait, and is let in then and not before', () => {
    const { spend, passing, at } = limited(2);
    passing('a', 20);
    const problem = spend('a');
    expect(problem).toMatchObject({ status: 429, code: 'too-many-requests', headers: { 'retry-after': '1' } });
    expect(problem?.detail).toContain('Token a may send 2 requests a second');
    at(499);
    expect(spend('a')).toBeDefined();
    at(1000);
    expect(spend('a')).toBeUndefined();
  });

  it('takes nothing from others, nor its events from its requests', () => {
    const { spend, passing } = limited(1, 1);
    expect(passing('a', 20)).toBe(10);
    expect(spend('a', 'events', 10)).toBeUndefined();
    expect(spend('a', 'events')).toBeDefined();
    expect(passing('b', 20)).toBe(10);
  });

  it('may send a batch larger than all it can save, and waits until that is earned', () => {
    const { spend, at } = limited(50, 1);
    expect(spend('a', 'events', 500)).toBeUndefined();
    const problem = spend('a', 'events');
    expect(problem?.headers).toEqual({ 'retry-after': '491' });
    at(490_000);
    expect(spend('a', 'events')).toBeDefined();
    at(491_000);
    expect(spend('a', 'events', 500)).toBeUndefined();
  });

  it('that comes back after the time it was told is never refused, and never gets more than its rate', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(3000), amount: fc.integer({ min: 1, max: 500 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), steps, (rate, told) => {
        const { spend, at } = limited(50, rate);
        let [now, passed] = [0, 0];
        for (const { wait, amount } of told) {
          at((now += wait));
          const problem = spend('a', 'events', amount);
          if (problem !== undefined) {
            at((now += Number(problem.headers['retry-after']) * 1000));
            expect(spend('a', 'events', amount)).toBeUndefined();
          }
          expect(passed).toBeLessThanOrEqual(rate * (10 + now / 1000));
          passed += amount;
        }
      }),
    );
  });

  it('that is refused is counted', () => {
    const { limits, passing, spend } = limited(1, 1);
    passing('a', 14);
    spend('a', 'events', 20);
    spend('a', 'events');
    expect([limits.refusals('requests'), limits.refusals('events')]).toEqual([4, 1]);
  });
});
