import { timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Principal } from './principal.js';
import { parseToken, secretHash } from './token.js';
import { readTokens, type TokenRecord, TokensFileError } from './tokens-file.js';

const lookAgainMs = 1000;

/**
 * Knows the tokens of the file as it is now: a revoked token stops working within a second, and a new one works at
 * once, because an unknown id is looked for in the file before it is refused.
 */
export class TokenRegistry {
  private tokens = new Map<string, TokenRecord>();
  private seen: string | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private problem: string | undefined;

  constructor(
    private readonly file: string,
    private readonly now: () => number = Date.now,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Whom this token text names; undefined for any text that is not a valid token now. */
  authenticate(text: string): Principal | undefined {
    this.lookAgain(lookAgainMs);
    const parts = parseToken(text);
    if (parts === undefined) return undefined;
    if (!this.tokens.has(parts.id)) this.lookAgain(0);
    const record = this.tokens.get(parts.id);
    // The hash is taken for an unknown id as well, so that the time tells nothing about which ids exist.
    const given = secretHash(parts.secret);
    if (record === undefined || !timingSafeEqual(given, Buffer.from(record.sha256, 'hex'))) return undefined;
    if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= this.now()) return undefined;
    const { id: tokenId, name, scopes, source, sensor } = record;
    return { tokenId, name, scopes, source, sensor };
  }

  /** Why nobody can be let in just now; undefined when the file is fine. */
  get trouble(): string | undefined {
    this.lookAgain(lookAgainMs);
    return this.problem;
  }

  private lookAgain(afterMs: number): void {
    const at = this.monotonic();
    if (at - this.lookedAt < afterMs) return;
    this.lookedAt = at;
    const stamp = stampOf(this.file);
    if (stamp === this.seen && stamp !== undefined) return;
    this.seen = stamp;
    try {
      this.tokens = new Map(readTokens(this.file).map((token) => [token.id, token]));
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof TokensFileError)) throw error;
      // Fail closed: a file that cannot be read may be one from which a token was just revoked.
      this.tokens = new Map();
      this.problem = error.message;
    }
  }
}

function stampOf(file: string): string | undefined {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
}
