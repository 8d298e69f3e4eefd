/**
 * The seed of everything that tests generate: the usual one where nobody says otherwise, so that what passed passes again,
 * on any machine. `PORTLEDGER_SEED=random` tries inputs that nobody has tried, `PORTLEDGER_SEED=<integer>` those of another
 * run. What such a search finds becomes an example of its test.
 */
export function seedOr(usual: number, asked = process.env['PORTLEDGER_SEED']): number {
  if (asked === undefined || asked === '') return usual;
  if (asked === 'random') return Math.floor(Math.random() * 0x7fffffff);
  const seed = Number(asked);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`PORTLEDGER_SEED is "${asked}": give an integer, or "random".`);
  return seed;
}
