import { timingSafeEqual } from 'node:crypto';
import type { Principal } from './principal.js';
import { parseToken, secretHash } from './token.js';
import { readTokens, type TokenRecord } from './tokens-file.js';
import { WatchedEntries, type WatchedOptions } from './watched-entries.js';

/**
 * Knows the tokens of the file as it is now: a revoked token stops working within a second, and a new one works at
 * once, because an unknown id is looked for in the file before it is refused.
 */
export class TokenRegistry {
  private readonly tokens: WatchedEntries<TokenRecord>;

  constructor(
    file: string,
    private readonly now: () => number = Date.now,
    watched: WatchedOptions<TokenRecord> = {},
  ) {
    this.tokens = new WatchedEntries(file, readTokens, ({ id }) => id, watched);
  }

  /** Looks whether the file changed; at most once a second. */
  look(): void {
    this.tokens.look();
  }

  /** Whom this token text names; undefined for any text that is not a valid token now. */
  authenticate(text: string): Principal | undefined {
    const parts = parseToken(text);
    if (parts === undefined) return undefined;
    const record = this.tokens.get(parts.id);
    // The hash is taken for an unknown id as well, so that the time tells nothing about which ids exist.
    const given = secretHash(parts.secret);
    if (record === undefined || !timingSafeEqual(given, Buffer.from(record.sha256, 'hex'))) return undefined;
    return this.principalOf(record);
  }

  /** The caller that a token id means now; undefined once it is revoked or has expired. */
  current(id: string): Principal | undefined {
    const record = this.tokens.current(id);
    return record && this.principalOf(record);
  }

  /** When a token ends, RFC 3339; undefined when it ends only by being revoked. */
  endOf(id: string): string | undefined {
    return this.tokens.current(id)?.expiresAt;
  }

  /** Why nobody can be let in just now; undefined when the file is fine. */
  get trouble(): string | undefined {
    return this.tokens.trouble?.message;
  }

  private principalOf({ id, name, scopes, source, sensor, expiresAt }: TokenRecord): Principal | undefined {
    if (expiresAt !== undefined && Date.parse(expiresAt) <= this.now()) return undefined;
    return { kind: 'token', callerId: id, name, scopes, source, sensor };
  }
}
