import { ProblemError } from '../ops/problem.js';
import type { MetricsConfig } from '../config/app-config.js';
import type { BoundedLog } from './bounded-log.js';
import type { Principal } from './principal.js';
import { mustBeOfOurOwn, type RequestOrigin } from './same-origin.js';
import { mayScrape } from './scrapers.js';
import { cookieOf, sessionCookie } from './session-cookie.js';
import type { Sessions } from './sessions.js';
import { parseToken } from './token.js';
import type { TokenRegistry } from './token-registry.js';

const bearer = /^Bearer +([^\s]+)$/i;
const safeMethods: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS'];

/** What of a request tells who calls. */
export interface CallingRequest extends RequestOrigin {
  readonly method?: string;
  /** Address of the caller. */
  readonly ip?: string;
}

export interface AuthenticatorOptions {
  readonly tokens: TokenRegistry;
  readonly sessions?: Sessions;
  /** Told of refused tokens. */
  readonly log?: BoundedLog;
  /** Told of each refused token: where from, and its public id where it is of the form of a token. */
  readonly onRefused?: (from: string | undefined, tokenId: string | undefined) => void;
  /** Where people sign in, by way; every 401 names them. */
  readonly signIn?: Readonly<Record<string, string>>;
  /** From where figures are read without a token; nowhere by default. */
  readonly scrapers?: MetricsConfig['withoutToken'];
}

/** Tells who is calling: by a token (`Authorization`), else by the cookie of a session. */
export class Authenticator {
  private readonly tokens: TokenRegistry;
  private readonly sessions: Sessions | undefined;

  constructor(private readonly options: AuthenticatorOptions) {
    this.tokens = options.tokens;
    this.sessions = options.sessions;
  }

  /** Throws a ProblemError: 401 for a caller that nobody knows, 403 for a request that another site may have sent. */
  authenticate(request: CallingRequest): Principal {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.byToken(authorization, request);
    const secret = cookieOf(request.headers, sessionCookie);
    if (secret === undefined)
      throw this.unknown('Send a token: Authorization: Bearer portledger_... or sign in: POST /v1/session.');
    const principal = this.sessions?.authenticate(secret);
    if (principal === undefined) throw this.unknown('This session has ended. Sign in again: POST /v1/session.');
    if (!safeMethods.includes(request.method)) mustBeOfOurOwn(request);
    return principal;
  }

  /** Whether a request without a caller may read the figures. */
  letsScrape(request: CallingRequest): boolean {
    return mayScrape(request, this.options.scrapers ?? 'nowhere');
  }

  /** The caller as it is now, with the scopes it has now; undefined once its token or session has ended. */
  current({ kind, callerId, sessionId }: Principal): Principal | undefined {
    if (kind === 'token') return this.tokens.current(callerId);
    return sessionId === undefined ? undefined : this.sessions?.current(sessionId);
  }

  /** When a caller's token or session ends at the latest, RFC 3339. */
  endOf({ kind, callerId, sessionId }: Principal): string | undefined {
    if (kind === 'token') return this.tokens.endOf(callerId);
    return sessionId === undefined ? undefined : this.sessions?.endOf(sessionId);
  }

  private unknown(detail: string): ProblemError {
    const { signIn } = this.options;
    return unauthenticated(detail, signIn && { signIn });
  }

  private byToken(authorization: string | string[], { ip }: CallingRequest): Principal {
    const [, text] = typeof authorization === 'string' ? (bearer.exec(authorization) ?? []) : [];
    const principal = text === undefined ? undefined : this.tokens.authenticate(text);
    if (principal !== undefined) return principal;
    // The id of a token is public; a text of any other form may be a secret of something else.
    const tokenId = text === undefined ? undefined : parseToken(text)?.id;
    this.options.log?.warn('token refused', { from: ip, tokenId });
    this.options.onRefused?.(ip, tokenId);
    throw this.unknown('This token is unknown, expired or revoked. Make one with: portledger token new');
  }
}

/** 401 (RFC 9110 section 15.5.2). */
export function unauthenticated(detail: string, extra: Readonly<Record<string, unknown>> = {}): ProblemError {
  return new ProblemError(401, 'unauthenticated', detail, extra, { 'www-authenticate': 'Bearer realm="portledger"' });
}
