/** Whatever JSON can say, as a daemon said it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** The value as an object; an empty one where it is none. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/**
 * Whether `found` says all that `wanted` says. What `wanted` does not mention may be anything, which a daemon fills in with
 * its defaults; lists must be equal in length and order, so that nothing was put in between.
 */
export function saysAll(found: Json | undefined, wanted: Json | undefined): boolean {
  if (Array.isArray(wanted)) {
    const [theirs, ours] = [found, wanted] as [Json | undefined, readonly Json[]];
    return (
      Array.isArray(theirs) &&
      theirs.length === ours.length &&
      ours.every((one, index) => saysAll(theirs[index] as Json, one))
    );
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
    const theirs = found as JsonObject;
    return Object.entries(wanted).every(([key, value]) => value === undefined || saysAll(theirs[key], value));
  }
  return found === wanted;
}
