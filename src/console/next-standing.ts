import type { Line } from './grouped.js';

/** The line nearest below one that left, else nearest above it; undefined where it was not among the lines before. */
export function nextStanding(before: readonly Line[], now: readonly Line[], left: string): Line | undefined {
  const at = before.findIndex(({ key }) => key === left);
  if (at < 0) return undefined;
  const standing = new Map(now.map((line) => [line.key, line]));
  for (const { key } of [...before.slice(at + 1), ...before.slice(0, at).reverse()]) {
    const line = standing.get(key);
    if (line !== undefined) return line;
  }
  return undefined;
}
