import type { Violation } from './violation.js';

/** The set with all of these where one was missing, else without them. */
export function flipped(set: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const next = new Set(set);
  const isWhole = keys.every((key) => next.has(key));
  for (const key of keys) {
    if (isWhole) next.delete(key);
    else next.add(key);
  }
  return next;
}

/** The set without what was done with. */
export function without(set: ReadonlySet<string>, done: readonly Violation[]): ReadonlySet<string> {
  const next = new Set(set);
  for (const { violationId } of done) next.delete(violationId);
  return next;
}
