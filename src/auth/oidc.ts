import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { OidcConfig } from '../config/app-config.js';
import { type UserRole, userRoles } from './principal.js';
import type { ProviderAccount } from './sessions.js';
import { secretHash } from './token.js';

const timeoutSeconds = 10;
const tryAgainMs = 60_000;
export const transactionSeconds = 600;
const mostTransactions = 1000;

/** The provider does not answer, or not as one: `reason` is for the log. */
export class ProviderUnreachableError extends Error {
  constructor(
    issuer: string,
    readonly reason: string,
  ) {
    super(`The OpenID provider ${issuer} does not answer (${reason}). Sign in with a local user, or try again later.`);
    this.name = 'ProviderUnreachableError';
  }
}

/** Who comes back from the provider is not let in; the message is for them, `facts` are for the log. */
export class ProviderRefusal extends Error {
  constructor(
    readonly reason: 'unknown-sign-in' | 'answer-refused' | 'no-name' | 'no-role',
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ProviderRefusal';
  }
}

/** A sign-in under way, bound to one browser by a cookie. */
interface Transaction {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly begunAt: number;
}

/** Sign-in at an OpenID provider: authorization code with PKCE (RFC 7636), state and nonce; ID tokens are verified by the provider's keys. */
export class OidcSignIn {
  private configuration: Promise<Configuration> | undefined;
  private problem: string | undefined;
  private retry: NodeJS.Timeout | undefined;
  /** By the hash of the cookie's value. */
  private readonly transactions = new Map<string, Transaction>();

  constructor(
    private readonly config: OidcConfig,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Looks for the provider, so that it is known early whether it answers; tries again each minute until it does. */
  lookForProvider(): void {
    this.provider().catch(() => {
      this.retry ??= setTimeout(() => {
        this.retry = undefined;
        this.lookForProvider();
      }, tryAgainMs).unref();
    });
  }

  close(): void {
    clearTimeout(this.retry);
  }

  /** Why nobody can sign in this way just now, as far as is known. */
  get trouble(): string | undefined {
    return this.problem;
  }

  /**
   * Begins a sign-in: where to send the browser, and the value of the cookie that binds it to this one.
   * Rejects with ProviderUnreachableError.
   * @param returnTo path of this engine to come back to
   */
  async begin(returnTo: string): Promise<{ readonly location: URL; readonly cookie: string }> {
    const provider = await this.provider();
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const cookie = randomBytes(32).toString('base64url');
    this.transactions.set(keyOf(cookie), { state, nonce, verifier, returnTo, begunAt: this.monotonic() });
    this.forget();
    const location = buildAuthorizationUrl(provider, {
      redirect_uri: this.config.redirectUrl,
      scope: `openid ${this.config.scope}`,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { location, cookie };
  }

  /**
   * Ends a sign-in: who it was. Rejects with ProviderRefusal or ProviderUnreachableError.
   * @param query what the provider sent the browser back with, `?code=...`
   */
  async finish(
    cookie: string | undefined,
    query: string,
  ): Promise<{ readonly account: ProviderAccount; readonly returnTo: string }> {
    this.forget();
    const key = keyOf(cookie ?? '');
    const transaction = this.transactions.get(key);
    // Once only, however it ends.
    this.transactions.delete(key);
    if (transaction === undefined)
      throw new ProviderRefusal(
        'unknown-sign-in',
        'This sign-in was not begun in this browser, or too long ago. Begin again.',
      );
    const account = this.accountOf(await this.claims(transaction, query));
    return { account, returnTo: transaction.returnTo };
  }

  private async claims(transaction: Transaction, query: string): Promise<Readonly<Record<string, unknown>>> {
    const provider = await this.provider();
    const url = new URL(this.config.redirectUrl);
    url.search = query;
    try {
      const tokens = await authorizationCodeGrant(provider, url, {
        expectedState: transaction.state,
        expectedNonce: transaction.nonce,
        pkceCodeVerifier: transaction.verifier,
        idTokenExpected: true,
      });
      const claims: Readonly<Record<string, unknown>> = tokens.claims() ?? {};
      if (this.config.roleClaim in claims || provider.serverMetadata().userinfo_endpoint === undefined) return claims;
      const more = await fetchUserInfo(provider, tokens.access_token, String(claims['sub']));
      return { ...more, ...claims };
    } catch (error) {
      throw new ProviderRefusal('answer-refused', "The provider's answer cannot be accepted. Begin again.", {
        cause: codeOf(error),
      });
    }
  }

  private accountOf(claims: Readonly<Record<string, unknown>>): ProviderAccount {
    const { nameClaim, roleClaim, roles: rolesByValue, issuer } = this.config;
    const person = claims[nameClaim];
    // What an event keeps of them: printable, without blanks, and never of the form of a local user.
    if (typeof person !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(person))
      throw new ProviderRefusal(
        'no-name',
        `The provider gives no claim ${nameClaim} that can name you. Ask who runs it.`,
      );
    const name = `${person}@${new URL(issuer).host}`;
    const values = [claims[roleClaim]].flat().filter((value) => typeof value === 'string');
    const granted = values.flatMap((value) => (Object.hasOwn(rolesByValue, value) ? (rolesByValue[value] ?? []) : []));
    const roles: UserRole[] = userRoles.filter((role) => granted.includes(role));
    if (roles.length > 0) return { kind: 'oidc', name, roles };
    throw new ProviderRefusal(
      'no-role',
      `You are known as ${name}, and nothing in your claim ${roleClaim} gives you a role here. Ask who runs this engine for one.`,
      { user: name },
    );
  }

  private provider(): Promise<Configuration> {
    this.configuration ??= this.discover().then(
      (configuration) => {
        this.problem = undefined;
        return configuration;
      },
      (error: unknown) => {
        this.configuration = undefined;
        const { issuer } = this.config;
        const unreachable = new ProviderUnreachableError(issuer, codeOf(error));
        this.problem = unreachable.message;
        throw unreachable;
      },
    );
    return this.configuration;
  }

  private async discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecretFile } = this.config;
    const url = new URL(issuer);
    const secret = clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, 'utf8').trim();
    // The configuration lets plain HTTP pass on loopback only.
    const insecure = url.protocol === 'http:' ? [allowInsecureRequests] : [];
    const execute = [enableNonRepudiationChecks, ...insecure];
    return discovery(url, clientId, secret, undefined, { timeout: timeoutSeconds, execute });
  }

  private forget(): void {
    const tooOld = this.monotonic() - transactionSeconds * 1000;
    for (const [key, { begunAt }] of this.transactions) {
      if (begunAt > tooOld && this.transactions.size <= mostTransactions) return;
      this.transactions.delete(key);
    }
  }
}

const keyOf = (cookie: string): string => secretHash(cookie).toString('hex');

/** The code of an error and of what caused it: constant words, never what was sent. */
function codeOf(error: unknown): string {
  const { code, error: oauthError, cause, name } = error as Record<string, unknown>;
  const own = [oauthError, code, name].find((word) => typeof word === 'string');
  const inner = (cause as Record<string, unknown> | undefined)?.['code'];
  return [own, inner].filter((word) => typeof word === 'string').join(': ') || 'unknown';
}
