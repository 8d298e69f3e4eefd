import { linesOf } from '../../src/console/grouped.js';
import { nextStanding } from '../../src/console/next-standing.js';
import type { Violation } from '../../src/console/violation.js';

const lines = (ids: string) => linesOf([...ids].map((violationId) => ({ violationId }) as Violation));

it.each([
  ['the next below', 'abcde', 'abde', 'c', 'd'],
  ['the next below that is still there', 'abcde', 'xabe', 'c', 'e'],
  ['the last one where none is below', 'abcde', 'ab', 'd', 'b'],
  ['nothing where nothing is left', 'abcde', 'xyz', 'c', undefined],
  ['nothing where the line was none of them', 'abcde', 'abcde', 'z', undefined],
])('a line that leaves hands the cursor to %s', (_, before, now, left, next) => {
  expect(nextStanding(lines(before), lines(now), left)?.key).toBe(next);
});
