const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** What is waited after the first, the second, ... try that was refused; the last one again and again; ms. */
export const retryPauses = [5 * second, 15 * second, minute, 5 * minute, 15 * minute, 30 * minute, hour] as const;

/** A message that is refused for so long after its first try is given up; ms. */
export const givenUpAfterMs = 24 * hour;

/**
 * How long to wait after `tries` refused ones, ms: the pause of the table, up to a fifth more or less by chance, so that
 * those who failed together do not come back together; longer where the other side asked for it, though no more than a day.
 * `chance` is from 0 to 1.
 */
export function pauseAfter(tries: number, chance: number, asked = 0): number {
  const usual = retryPauses[Math.min(tries, retryPauses.length) - 1] ?? hour;
  return Math.max(Math.round(usual * (0.8 + 0.4 * chance)), Math.min(asked, givenUpAfterMs));
}
