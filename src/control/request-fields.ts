import { ProblemError } from '../ops/problem.js';

/** A text of a request body; undefined where it is absent. Throws a ProblemError that names it where it is no text. */
export function textOf(body: unknown, name: string): string | undefined {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new ProblemError(400, 'invalid-request', `${name}: expected a text`);
}

const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** Why somebody asks for something, as the log keeps it. */
export function reasonOf(body: unknown): string | undefined {
  const reason = textOf(body, 'reason');
  if (reason === undefined || (reason.length >= 1 && reason.length <= 240 && !unprintable.test(reason))) return reason;
  throw new ProblemError(400, 'invalid-request', 'reason: expected 1 to 240 characters without control characters');
}
