import { ProblemError } from '../ops/problem.js';

const deepest = 16;

/**
 * Parses a JSON body (RFC 8259). Throws a ProblemError 400 for text that is not UTF-8, is not JSON, is nested more than
 * 16 deep, or holds half of a surrogate pair, which no canonical form (RFC 8785) can spell.
 */
export function parseJsonBody(body: Uint8Array): unknown {
  const text = decodeUtf8(body);
  if (depthOf(text) > deepest) {
    throw new ProblemError(400, 'malformed-json', `The body is nested more than ${deepest} deep.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(400, 'malformed-json', `The body is not JSON: ${(error as Error).message}.`);
  }
  if (/\\u[dD][89a-fA-F]/.test(text) && !isWellFormed(value)) {
    throw new ProblemError(400, 'malformed-json', 'A string in the body holds half of a surrogate pair.');
  }
  return value;
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new ProblemError(400, 'malformed-json', 'The body is not UTF-8.');
  }
}

/** How deep brackets are nested; brackets in strings do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfString(text, index);
    else if (code === openBrace || code === openBracket) {
      if (++depth > most) most = depth;
    } else if (code === closeBrace || code === closeBracket) depth--;
  }
  return most;
}

const [quote, backslash] = [0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the string that starts here ends: at the next quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !/[\ud800-\udfff]/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, one]) => isWellFormed(key) && isWellFormed(one));
}
