import { type ShapeProblem, showValue } from './shape.js';

/** A problem for each name that was there before. */
export function repeated(names: readonly (readonly [pointer: string, name: string])[]): ShapeProblem[] {
  const seen = new Set<string>();
  return names.flatMap(([pointer, name]) => {
    if (!seen.has(name)) return seen.add(name) && [];
    return [{ pointer, found: `${showValue(name)} a second time`, expected: 'a name that is not used twice' }];
  });
}
