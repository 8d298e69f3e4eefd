/** The first of several things to tell, and how many more there are; undefined where there is none. */
export function firstOf(told: readonly string[]): string | undefined {
  const [first, ...more] = told;
  return first === undefined || more.length === 0 ? first : `${first} (and ${more.length} more)`;
}
