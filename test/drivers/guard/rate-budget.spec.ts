import fc from '../../support/property.js';
import { mostNeighbours, rateBudget } from '../../../src/drivers/guard/rate-budget.js';

describe('how fast new neighbours may appear', () => {
  it('is, for 48 ports and a table of 1024, one a second and six at once for each', () =>
    expect(rateBudget(1024, 48)).toEqual({
      tableSize: 1024,
      tableSizeRead: true,
      ports: 48,
      entries: 768,
      perPort: { rate: 1, burst: 6 },
      together: { rate: 38, burst: 388 },
    }));

  it('assumes the kernel’s default where the kernel does not tell, and says so', () =>
    expect(rateBudget(undefined, 48)).toEqual({ ...rateBudget(1024, 48), tableSizeRead: false }));

  it('never lets all ports together fill the table within the time after which the kernel may drop an entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 1_000_000 }), fc.integer({ min: 1, max: 4094 }), (size, ports) => {
        const budget = rateBudget(size, ports);
        expect(mostNeighbours(budget)).toBeLessThanOrEqual((size * 3) / 4);
        expect(budget.perPort.rate).toBeGreaterThanOrEqual(1);
        expect(budget.perPort.burst).toBeGreaterThanOrEqual(5);
      }),
    );
  });

  it('needs no common limit up to 51 ports: the share of each is enough', () => {
    for (let ports = 1; ports <= 51; ports++) {
      const { perPort, entries } = rateBudget(1024, ports);
      expect(ports * (perPort.burst + 10 * perPort.rate)).toBeLessThanOrEqual(entries);
    }
  });
});
