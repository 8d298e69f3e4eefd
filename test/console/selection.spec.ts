import { flipped, without } from '../../src/console/selection.js';
import type { Violation } from '../../src/console/violation.js';

const set = (...keys: readonly string[]): ReadonlySet<string> => new Set(keys);
const named = (violationId: string): Violation => ({ violationId }) as Violation;

describe('a selection', () => {
  it('takes all of some where one was missing, and lets go of all where none was', () => {
    expect(flipped(set('a'), ['a', 'b'])).toEqual(set('a', 'b'));
    expect(flipped(set('a', 'b', 'c'), ['a', 'b'])).toEqual(set('c'));
  });

  it('loses what was done with, and nothing else', () => {
    expect(without(set('a', 'b'), [named('b'), named('x')])).toEqual(set('a'));
  });

  it('leaves the one before as it was', () => {
    const before = set('a');
    flipped(before, ['b']);
    without(before, [named('a')]);
    expect(before).toEqual(set('a'));
  });
});
