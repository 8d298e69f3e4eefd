import { createHash, randomBytes } from 'node:crypto';

/** The parts of a token text `portledger_<8 id>_<43 base64url>`. */
export interface TokenText {
  readonly id: string;
  /** 256 random bits, base64url. Never stored, never logged. */
  readonly secret: string;
}

const shape = /^portledger_([a-z0-9]{8})_([A-Za-z0-9_-]{43})$/;
const idLetters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** The parts of a token, or undefined for a text that is none. */
export function parseToken(text: string): TokenText | undefined {
  const [, id, secret] = shape.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export function formatToken({ id, secret }: TokenText): string {
  return `portledger_${id}_${secret}`;
}

/** A new token; its prefix lets secret scanners find it. */
export function newToken(): TokenText {
  const id = Array.from(randomBytes(8), (byte) => idLetters[byte % idLetters.length]).join('');
  return { id, secret: randomBytes(32).toString('base64url') };
}

/** What is kept of a secret. A plain hash is enough: nobody can search 256 random bits. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret, 'ascii').digest();
}
