import { randomBytes } from 'node:crypto';
import type { Principal, UserRole } from './principal.js';
import { secretHash } from './token.js';
import type { UserDirectory } from './user-directory.js';

/** Who signed in: a local user, whose record decides for as long as the session lasts, or one of an OpenID provider. */
export type Account =
  | { readonly kind: 'local'; readonly name: string; readonly passwordSetAt: string }
  | { readonly kind: 'oidc'; readonly name: string; readonly roles: readonly UserRole[] };

export type ProviderAccount = Extract<Account, { readonly kind: 'oidc' }>;

/** One session as it may be shown: nothing in it lets anybody in. */
export interface SessionView {
  readonly id: string;
  readonly user: string;
  readonly kind: Account['kind'];
  /** Address that signed in. */
  readonly from: string;
  /** RFC 3339. */
  readonly since: string;
  /** RFC 3339. */
  readonly lastUsedAt: string;
  /** When it ends at the latest, RFC 3339. */
  readonly endsAt: string;
}

interface Session {
  readonly id: string;
  readonly secretHash: string;
  readonly account: Account;
  readonly from: string;
  readonly since: number;
  lastUsedAt: number;
}

export type EndReason =
  'signed-out' | 'signed-in-again' | 'ended-by-admin' | 'idle' | 'too-old' | 'too-many' | 'shut-out';

export interface SessionsOptions {
  readonly users: UserDirectory;
  /** Without a request or an open stream for so long a session ends, ms. */
  readonly idleMs: number;
  /** And after so long in any case, ms. */
  readonly lifeMs: number;
  readonly now?: () => number;
  /** The same for those of an OpenID provider, where that is sooner: their roles stay those of the sign-in. */
  readonly oidcLifeMs?: number;
  /** `by` is who ended it, where that was somebody else. */
  readonly onEnd?: (session: SessionView, reason: EndReason, by?: string) => void;
}

const mostOfUser = 20;
const most = 2000;

/**
 * The open sessions. They are kept in memory only, as hashes of their secrets: a restart ends them all, and nothing on
 * the disk is worth stealing.
 */
export class Sessions {
  private readonly byHash = new Map<string, Session>();
  private readonly byId = new Map<string, Session>();
  private readonly now: () => number;

  constructor(private readonly options: SessionsOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Begins a session. The secret (256 random bits, base64url) is for the cookie and is not kept. */
  open(account: Account, from: string): { readonly secret: string; readonly id: string } {
    this.sweep();
    const own = [...this.byId.values()].filter((one) => one.account.name === account.name);
    if (own.length >= mostOfUser && own[0] !== undefined) this.close(own[0], 'too-many');
    const [eldest] = this.byId.values();
    if (this.byId.size >= most && eldest !== undefined) this.close(eldest, 'too-many');
    const secret = randomBytes(32).toString('base64url');
    const at = this.now();
    const id = randomBytes(8).toString('hex');
    const session = { id, secretHash: hashOf(secret), account, from, since: at, lastUsedAt: at };
    this.byHash.set(session.secretHash, session);
    this.byId.set(id, session);
    return { secret, id };
  }

  /** Whom a cookie's value names; this counts as use of the session. */
  authenticate(secret: string): Principal | undefined {
    const session = this.byHash.get(hashOf(secret));
    const principal = session && this.principalOf(session);
    if (session !== undefined && principal !== undefined) session.lastUsedAt = this.now();
    return principal;
  }

  /** The caller that a session means now; undefined once it has ended. An open stream that asks this keeps it in use. */
  current(id: string): Principal | undefined {
    const session = this.byId.get(id);
    const principal = session && this.principalOf(session);
    if (session !== undefined && principal !== undefined) session.lastUsedAt = this.now();
    return principal;
  }

  /** When a session ends at the latest, RFC 3339. */
  endOf(id: string): string | undefined {
    const session = this.byId.get(id);
    return session && this.viewOf(session).endsAt;
  }

  /** Ends a session; false when there is none. `by` names who ended it, where that was somebody else. */
  end(id: string, reason: EndReason, by?: string): boolean {
    const session = this.byId.get(id);
    if (session !== undefined) this.close(session, reason, by);
    return session !== undefined;
  }

  /** Every open session, oldest first. */
  list(): SessionView[] {
    this.sweep();
    return [...this.byId.values()].map((session) => this.viewOf(session));
  }

  private principalOf(session: Session): Principal | undefined {
    const reason = this.whyEnded(session);
    const roles = reason === undefined ? this.rolesOf(session.account) : undefined;
    if (roles === undefined) {
      this.close(session, reason ?? 'shut-out');
      return undefined;
    }
    const { name } = session.account;
    const source = roles.includes('operator') ? `urn:portledger:user:${encodeURIComponent(name)}` : undefined;
    return { kind: 'user', callerId: `user:${name}`, name, scopes: roles, source, sessionId: session.id };
  }

  private whyEnded(session: Session): EndReason | undefined {
    const now = this.now();
    if (now >= this.latestEndOf(session)) return 'too-old';
    return now >= session.lastUsedAt + this.options.idleMs ? 'idle' : undefined;
  }

  /** ms since 1970. */
  private latestEndOf({ account, since }: Session): number {
    const { lifeMs, oidcLifeMs = lifeMs } = this.options;
    return since + (account.kind === 'oidc' ? Math.min(lifeMs, oidcLifeMs) : lifeMs);
  }

  /** What the account may do now; undefined when it is shut out: disabled, removed, or with a newer password. */
  private rolesOf(account: Account): readonly UserRole[] | undefined {
    if (account.kind === 'oidc') return account.roles;
    const user = this.options.users.current(account.name);
    return user?.passwordSetAt === account.passwordSetAt ? user.roles : undefined;
  }

  private sweep(): void {
    for (const session of [...this.byId.values()]) this.principalOf(session);
  }

  private close(session: Session, reason: EndReason, by?: string): void {
    this.byId.delete(session.id);
    this.byHash.delete(session.secretHash);
    this.options.onEnd?.(this.viewOf(session), reason, by);
  }

  private viewOf(session: Session): SessionView {
    const { id, account, from, since, lastUsedAt } = session;
    const [sinceText, lastUsedText, endsAt] = [since, lastUsedAt, this.latestEndOf(session)].map((ms) =>
      new Date(ms).toISOString(),
    ) as [string, string, string];
    return { id, user: account.name, kind: account.kind, from, since: sinceText, lastUsedAt: lastUsedText, endsAt };
  }
}

const hashOf = (secret: string): string => secretHash(secret).toString('hex');
