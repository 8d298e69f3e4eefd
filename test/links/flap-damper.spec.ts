import { FlapDamper } from '../../src/links/flap-damper.js';

describe('the flap damper', () => {
  it('lets so many ups of a port pass in any minute, and tells how long the next one waits', () => {
    const damper = new FlapDamper(3);
    for (const now of [0, 1_000, 2_000]) {
      expect(damper.waitForUp('a', now)).toBe(0);
      damper.passed('a', now);
    }
    expect(damper.waitForUp('a', 3_000)).toBe(57_000);
    expect(damper.waitForUp('b', 3_000)).toBe(0);
    expect(damper.waitForUp('a', 60_000)).toBe(0);
    damper.passed('a', 60_000);
    expect(damper.waitForUp('a', 60_001)).toBe(999);
  });

  it('counts only the ups that passed', () => {
    const damper = new FlapDamper(1);
    for (let asked = 0; asked < 5; asked++) expect(damper.waitForUp('a', asked)).toBe(0);
    damper.passed('a', 5);
    expect(damper.waitForUp('a', 6)).toBe(59_999);
  });
});
