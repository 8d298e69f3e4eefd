import { Attempts } from '../../src/auth/attempts.js';
import { BoundedLog } from '../../src/auth/bounded-log.js';
import { Log } from '../../src/ops/log.js';

function attemptsAt() {
  let now = 0;
  const attempts = new Attempts(() => now);
  const begin = (...keys: string[]) => attempts.begin(keys);
  const mayBegin = (...keys: string[]): boolean => 'succeeded' in begin(...keys);
  return { attempts, begin, mayBegin, at: (ms: number) => void (now = ms) };
}

const times = (count: number): undefined[] => Array.from({ length: count });

describe('failed sign-ins', () => {
  it('are ten a minute for an address, whichever users it tries', () => {
    const { mayBegin, begin, at } = attemptsAt();
    expect(times(12).map((_, index) => mayBegin('from a', `user ${index}`))).toEqual([
      ...times(10).map(() => true),
      false,
      false,
    ]);
    expect(mayBegin('from b', 'user 1')).toBe(true);
    at(30_000);
    expect(begin('from a', 'user x')).toEqual({ retryAfterSeconds: 30 });
    at(60_000);
    expect(mayBegin('from a', 'user x')).toBe(true);
  });

  it('are ten a minute for a user, from wherever', () => {
    const { mayBegin } = attemptsAt();
    expect(
      times(11)
        .map((_, index) => mayBegin(`from ${index}`, 'user anna'))
        .at(-1),
    ).toBe(false);
    expect(mayBegin('from 1', 'user berta')).toBe(true);
  });

  it('count from their beginning, so that many at once are no way around', () => {
    const { begin } = attemptsAt();
    const under = times(10).map(() => begin('from a'));
    expect(begin('from a')).toEqual({ retryAfterSeconds: 60 });
    for (const one of under) if ('succeeded' in one) one.succeeded();
    expect(begin('from a')).toHaveProperty('succeeded');
  });

  it('are not forgotten by a success in between', () => {
    const { begin, mayBegin } = attemptsAt();
    for (let index = 0; index < 9; index++) expect(mayBegin('from a')).toBe(true);
    const good = begin('from a');
    if ('succeeded' in good) good.succeeded();
    expect(mayBegin('from a')).toBe(true);
    expect(mayBegin('from a')).toBe(false);
  });

  it('of names that a stranger makes up do not fill the memory', () => {
    const { attempts, mayBegin } = attemptsAt();
    for (let index = 0; index < 60_000; index++) mayBegin(`user ${index}`);
    expect((attempts as unknown as { failures: Map<string, unknown> }).failures.size).toBeLessThanOrEqual(20_000);
  });
});

describe('warnings that strangers cause', () => {
  it('are so many a minute, and the others are counted', () => {
    const lines: string[] = [];
    let now = 0;
    const log = new BoundedLog(new Log('json', (line) => lines.push(line)), 2, () => now);
    for (let index = 0; index < 7; index++) log.warn('token refused', {});
    expect(lines).toHaveLength(2);
    now = 60_000;
    log.warn('token refused', {});
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ suppressedBefore: 5 });
  });
});
