/** What a flood of forged claims from one port is to cost at most. */
export const floodGoals = {
  perSecond: 100_000,
  /** Events the engine stores of its own. */
  events: 400,
  /** Memory of the engine in all, MiB. */
  memoryMib: 256,
  /** Until a forgery at another port is in the feed, ms. */
  reportMs: 2_000,
  /** Publishing, 99th percentile, against the quiet engine. */
  publishRatio: 2,
} as const;
