import fc from '../support/property.js';
import { type Refusals, RefusalTally } from '../../src/auth/refusal-tally.js';

function tallyAt(clock: { now: number }) {
  const told: Refusals[] = [];
  const tally = new RefusalTally(
    (refusals) => told.push(refusals),
    () => clock.now,
  );
  return { tally, told };
}

describe('a tally of refusals', () => {
  it('is one for each address, with the first and the last time and what was named', () => {
    const clock = { now: 10 };
    const { tally, told } = tallyAt(clock);
    tally.add('192.0.2.1', { name: 'anna', reason: 'too-many-attempts' });
    clock.now = 20;
    tally.add('192.0.2.2', { reason: 'no-role' });
    tally.add('192.0.2.1', { name: 'anna', reason: 'no-role' });
    tally.flush();
    expect(told).toEqual([
      {
        address: '192.0.2.1',
        count: 2,
        first: 10,
        last: 20,
        names: ['anna'],
        reasons: ['too-many-attempts', 'no-role'],
      },
      { address: '192.0.2.2', count: 1, first: 20, last: 20, names: [], reasons: ['no-role'] },
    ]);
    tally.flush();
    expect(told).toHaveLength(2);
  });

  it('counts every refusal once, and tells at most twenty addresses and one for all others, however they come', () => {
    const refusal = fc.tuple(fc.option(fc.nat(60), { nil: undefined }), fc.option(fc.nat(30), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(refusal, { maxLength: 200, size: 'max' }), (refusals) => {
        const { tally, told } = tallyAt({ now: 0 });
        for (const [address, name] of refusals)
          tally.add(address === undefined ? undefined : `a${address}`, {
            ...(name !== undefined && { name: `n${name}` }),
            reason: 'no',
          });
        tally.flush();
        expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(refusals.length);
        expect(told.length).toBeLessThanOrEqual(21);
        for (const { address, count, names } of told) {
          expect(names.length).toBeLessThanOrEqual(5);
          if (address !== undefined) expect(count).toBe(refusals.filter(([from]) => `a${from}` === address).length);
        }
      }),
    );
  });
});
