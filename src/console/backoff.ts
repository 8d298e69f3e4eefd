/** How long to wait before the next try, ms: 0.5 s, doubling up to 15 s, each anywhere in its upper half. @param chance 0 to 1 */
export function backoffMs(failures: number, chance = Math.random()): number {
  const full = Math.min(15_000, 500 * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}
