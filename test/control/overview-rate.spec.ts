import { EventRate } from '../../src/control/overview/event-rate.js';
import { KeptAnswer } from '../../src/control/overview/kept-answer.js';

describe('events per minute', () => {
  it('are counted in the minute they came in, oldest first, and forgotten after the last', () => {
    let now = 600_000;
    const rate = new EventRate(3, () => now);
    rate.add(5);
    now += 60_000;
    rate.add(1);
    rate.add(1);
    expect(rate.perMinute()).toEqual([0, 5, 2]);
    now += 120_000;
    expect(rate.perMinute()).toEqual([2, 0, 0]);
    now += 3_600_000;
    rate.add(4);
    expect(rate.perMinute()).toEqual([0, 0, 4]);
  });

  it('go on in the newest minute when the clock is set back', () => {
    let now = 600_000;
    const rate = new EventRate(2, () => now);
    rate.add(1);
    now -= 300_000;
    rate.add(1);
    expect(rate.perMinute()).toEqual([0, 2]);
  });
});

describe('an answer that is dear to work out', () => {
  it('is worked out once for all who ask meanwhile, and kept', async () => {
    let worked = 0;
    let now = 0;
    const kept = new KeptAnswer(
      () => Promise.resolve(++worked),
      () => now,
    );
    expect(await Promise.all([kept.current(30_000), kept.current(30_000)])).toEqual([1, 1]);
    expect(await kept.current(30_000)).toBe(1);
    now += 10_000;
    // The old one is given at once, the new one to who comes after it.
    expect(await kept.current(30_000)).toBe(1);
    expect(await kept.current(30_000)).toBe(2);
  });

  it('stays what it was where it cannot be worked out again', async () => {
    let isBroken = false;
    let now = 0;
    const kept = new KeptAnswer(
      () => (isBroken ? Promise.reject(new Error('no')) : Promise.resolve('known')),
      () => now,
    );
    expect(await kept.current(30_000)).toBe('known');
    isBroken = true;
    now += 10_000;
    await kept.current(30_000);
    expect(await kept.current(30_000)).toBe('known');
  });
});
