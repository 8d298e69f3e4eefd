import { Authenticator } from './auth/authenticator.js';
import { BoundedLog } from './auth/bounded-log.js';
import { CallerLimits } from './auth/caller-limits.js';
import { OidcSignIn } from './auth/oidc.js';
import { Sessions } from './auth/sessions.js';
import { SignIn } from './auth/sign-in.js';
import { TokenRegistry } from './auth/token-registry.js';
import { UserDirectory } from './auth/user-directory.js';
import type { EntryChanges } from './auth/watched-entries.js';
import type { AppConfig } from './config/app-config.js';
import type { Log } from './ops/log.js';

/** Who may call a running engine, and who has. */
export interface Access {
  readonly tokens: TokenRegistry;
  readonly users: UserDirectory;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly authenticator: Authenticator;
  readonly limits: CallerLimits;
  /** Sign-in at a provider; undefined where none is configured. */
  readonly oidc: OidcSignIn | undefined;
}

/** Opens the files of tokens and users. Every change of theirs, and every beginning and end of a session, is a log line. */
export function openAccess(config: AppConfig, log: Log): Access {
  const { usersFile } = config;
  const told = (message: string) => (changes: EntryChanges, trouble: string | undefined) =>
    log.info(message, { ...changes, trouble });
  const tokens = new TokenRegistry(config.tokensFile, undefined, undefined, told('tokens changed'));
  const users = new UserDirectory(usersFile, { onChange: told('users changed') });
  const sessions = new Sessions({
    users,
    idleMs: config.sessions.idleMinutes * 60_000,
    lifeMs: config.sessions.hours * 3_600_000,
    onEnd: ({ id, user }, reason) => log.info('session ended', { user, sessionId: id, reason }),
  });
  const signIn = new SignIn({ users, usersFile, sessions, log });
  const limits = new CallerLimits(config.limits, new BoundedLog(log));
  const authenticator = new Authenticator({
    tokens,
    sessions,
    log: new BoundedLog(log),
    scrapers: config.metrics.withoutToken,
    signIn: { password: '/v1/session', ...(config.oidc && { oidc: '/v1/session/oidc' }) },
  });
  const oidc = config.oidc && new OidcSignIn(config.oidc);
  return { tokens, users, sessions, signIn, authenticator, limits, oidc };
}
