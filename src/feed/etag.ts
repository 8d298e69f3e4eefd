import { digest } from '../ops/entity-tag.js';
import { ProblemError } from '../ops/problem.js';

/** The tag of one violation: what If-Match needs of it in front, so that it may be sent back as it is. */
export function tagOf(etag: string, shown: unknown): string {
  return `"${etag}-${digest(shown)}"`;
}

/**
 * The `etag` of a violation in an If-Match header, as the list or one violation gave it, quoted or not.
 * Throws a ProblemError: 428 where there is none, 400 where it is something else.
 */
export function ifMatch(header: string | undefined): string {
  const cure = 'Send If-Match with the etag that the violation had when you looked at it.';
  if (header === undefined || header.trim() === '') throw new ProblemError(428, 'etag-missing', cure);
  if (header.trim() === '*')
    throw new ProblemError(428, 'etag-missing', `If-Match: * does not say what you saw. ${cure}`);
  const etag = etagIn(header);
  if (etag !== undefined) return etag;
  throw new ProblemError(400, 'etag-malformed', `If-Match: found ${header.slice(0, 80)}, expected one etag. ${cure}`);
}

/** The `etag` in a text that names one; undefined for any other. */
export function etagIn(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  return /^\s*(?:W\/)?"?(\d{1,16})(?:-[\w-]{1,64})?"?\s*$/.exec(text)?.[1];
}
