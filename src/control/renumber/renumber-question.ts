import { parseCustomerId, parseIpv6Prefix, parseServerId, renumberingStates } from '../../../events/index.js';
import { ProblemError } from '../../ops/problem.js';
import type { Wanted } from './renumber-desk.js';

/** Where nobody says how long the old prefix has to be silent: three days, so that a weekly job alone can be missed. */
export const defaultQuietSeconds = 72 * 3_600;
const longestQuietSeconds = 90 * 24 * 3_600;

const malformed = (detail: string): ProblemError => new ProblemError(400, 'renumbering-malformed', detail);

/** What a body asks to be renumbered. Throws a ProblemError that names what is wrong. */
export function readWanted(body: unknown): Wanted {
  const { serverId, customerId, from, to, quietSeconds = defaultQuietSeconds, ...others } = fieldsOf(body);
  refuseStrays(others, 'serverId, customerId, from, to and quietSeconds');
  const server = parseServerId(serverId);
  const customer = parseCustomerId(customerId);
  if (serverId !== undefined && server === undefined) throw malformed('serverId: expected the id of a server');
  if (customerId !== undefined && customer === undefined) throw malformed('customerId: expected the id of a customer');
  if (server === undefined && customer === undefined)
    throw malformed('serverId or customerId: expected one of them, or both');
  const [old, next] = [parseIpv6Prefix(from), parseIpv6Prefix(to)];
  if (old === undefined) throw malformed('from: expected an IPv6 prefix without host bits, such as 2001:db8:16::/64');
  if (next === undefined) throw malformed('to: expected an IPv6 prefix without host bits, such as 2001:db8:1016::/48');
  if (!isWhole(quietSeconds) || quietSeconds < 1 || quietSeconds > longestQuietSeconds)
    throw malformed(`quietSeconds: expected a whole number from 1 to ${longestQuietSeconds} (90 days)`);
  return {
    ...(server !== undefined && { serverId: server }),
    ...(customer !== undefined && { customerId: customer }),
    ...{ from: old, to: next, quietSeconds },
  };
}

/** What a body says of a step. Throws a ProblemError that names what is wrong. */
export function readStep(
  body: unknown,
  word: 'next' | 'back',
): { readonly reason?: string; readonly notQuiet?: boolean } {
  const { reason, notQuiet, ...others } = fieldsOf(body ?? {});
  refuseStrays(others, word === 'next' ? 'notQuiet and reason' : 'reason');
  if (notQuiet !== undefined && (word === 'back' || typeof notQuiet !== 'boolean'))
    throw malformed('notQuiet: expected true or false, of next alone');
  if (
    reason !== undefined &&
    (typeof reason !== 'string' || !/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,500}$/u.test(reason))
  )
    throw malformed('reason: expected 1 to 500 characters without control characters');
  if (reason === undefined && (word === 'back' || notQuiet === true))
    throw malformed(word === 'back' ? 'reason: say why it is taken back' : 'reason: say why it need not be quiet');
  return { ...(reason !== undefined && { reason }), ...(notQuiet === true && { notQuiet }) };
}

/** The states asked for; all of them where none is named. Throws a ProblemError. */
export function readStates(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const { state, ...others } = fields;
  refuseStrays(others, 'state');
  if (state === undefined) return renumberingStates;
  const named = typeof state === 'string' ? state.split(',') : [];
  if (named.length > 0 && named.every((one) => renumberingStates.some((known) => known === one))) return named;
  throw malformed(`state: expected some of ${renumberingStates.join(', ')}, with commas between`);
}

/** The length asked for. Throws a ProblemError. */
export function readLength(fields: Readonly<Record<string, unknown>>): number {
  const { 'from-length': text, ...others } = fields;
  refuseStrays(others, 'from-length');
  const length = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (length >= 1 && length <= 128) return length;
  throw malformed('from-length: expected a number from 1 to 128, such as 64');
}

/** The `etag` in an If-Match header. Throws a ProblemError: 428 where there is none, 400 where it is something else. */
export function ifMatch(header: string | undefined): string {
  const cure = 'Send If-Match with the etag that the renumbering had when you looked at it.';
  if (header === undefined || header.trim() === '' || header.trim() === '*')
    throw new ProblemError(428, 'etag-missing', cure);
  const etag = /^\s*(?:W\/)?"?(\d{1,16}-[a-z-]{1,40})"?\s*$/.exec(header)?.[1];
  if (etag !== undefined) return etag;
  throw new ProblemError(400, 'etag-malformed', `If-Match: found ${header.slice(0, 80)}, expected one etag. ${cure}`);
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw malformed('expected a JSON object');
}

function refuseStrays(others: Readonly<Record<string, unknown>>, expected: string): void {
  const [stray] = Object.keys(others);
  if (stray !== undefined) throw malformed(`${stray.slice(0, 80)}: no such field; expected ${expected}`);
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
