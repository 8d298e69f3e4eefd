import type { Month } from './month.js';

/**
 * What a monthly price comes to for [from, to) of a month, in whole minor units. Every moment of the month has its running
 * total, price x elapsed / length of the month to the millisecond, rounded half up; a part costs the running total at its end less
 * that at its begin. So each part is rounded once, is within one minor unit of the exact share and never negative, and however a
 * month is cut its parts add up to the price.
 */
export function proRata(monthlyPriceMinor: number, month: Month, from: number, to: number): number {
  const total = (at: number): bigint => runningTotal(BigInt(monthlyPriceMinor), BigInt(at - month.from), month);
  return Number(total(to) - total(from));
}

function runningTotal(price: bigint, elapsed: bigint, { from, to }: Month): bigint {
  const length = BigInt(to - from);
  return (2n * price * elapsed + length) / (2n * length);
}
