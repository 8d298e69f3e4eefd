/** Bytes that one UTF-16 unit of a text takes at most once written as JSON: `\u0000`. */
const widestUnit = 6;
/** The longest way a number, or true, false and null, is written, with a comma. */
const widestScalar = 26;

/**
 * True when the JSON text of a value is larger than `limit` bytes.
 * Most events are far below it: an upper bound from the lengths of their texts tells that without writing the JSON.
 */
export function isLargerThan(value: unknown, limit: number): boolean {
  return upperBound(value, limit) > limit && jsonSize(value) > limit;
}

/** Bytes of the JSON text of a value. */
export function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null));
}

/** At least as many bytes as the JSON text has; stops counting above `enough`. */
function upperBound(value: unknown, enough: number): number {
  if (typeof value === 'string') return value.length * widestUnit + 3;
  if (typeof value !== 'object' || value === null) return widestScalar;
  let bound = 3;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && bound <= enough; index++) bound += upperBound(value[index], enough) + 1;
    return bound;
  }
  for (const name of Object.keys(value)) {
    bound += name.length * widestUnit + 4 + upperBound((value as Record<string, unknown>)[name], enough);
    if (bound > enough) return bound;
  }
  return bound;
}
