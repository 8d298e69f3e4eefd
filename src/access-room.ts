import { AccessLog } from './audit/access/access-log.js';
import { Authenticator } from './auth/authenticator.js';
import { BoundedLog } from './auth/bounded-log.js';
import { CallerLimits } from './auth/caller-limits.js';
import { sinceLastReading, tokenNews, userNews } from './auth/entry-news.js';
import { OidcSignIn } from './auth/oidc.js';
import { RefusalTally } from './auth/refusal-tally.js';
import { Sessions } from './auth/sessions.js';
import { SignIn } from './auth/sign-in.js';
import { TokenRegistry } from './auth/token-registry.js';
import { UserDirectory } from './auth/user-directory.js';
import type { EntryChanges } from './auth/watched-entries.js';
import type { AppConfig } from './config/app-config.js';
import type { EventStore } from './event-store/event-store.port.js';
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
  /** Stores what has not been stored yet of who came and was refused. */
  close(): Promise<void>;
}

const lookEveryMs = 1000;

/**
 * Opens the files of tokens and users. Every change of theirs, every beginning and end of a session and every refusal is a log
 * line and an event in the stream `access`.
 */
export function openAccess(config: AppConfig, log: Log, store: Pick<EventStore, 'appendMany'>): Access {
  const { usersFile } = config;
  const recorder = new AccessLog(store, log);
  const record = (...news: Parameters<AccessLog['record']>): void => void recorder.record(...news);
  const told = (message: string) => (changes: EntryChanges, trouble: string | undefined) =>
    log.info(message, { ...changes, trouble });
  const tokens = new TokenRegistry(config.tokensFile, undefined, {
    onChange: told('tokens changed'),
    onRead: sinceLastReading(tokenNews, record),
  });
  const users = new UserDirectory(usersFile, {
    onChange: told('users changed'),
    onRead: sinceLastReading(userNews, record),
  });
  const sessions = new Sessions({
    users,
    idleMs: config.sessions.idleMinutes * 60_000,
    lifeMs: config.sessions.hours * 3_600_000,
    ...(config.oidc && { oidcLifeMs: config.oidc.sessionHours * 3_600_000 }),
    onEnd: ({ id: sessionId, user }, reason, by) => {
      log.info('session ended', { user, sessionId, reason });
      record({ type: 'SessionEnded', data: { user, sessionId, reason, ...(by !== undefined && { by }) } });
    },
  });
  const signIn = new SignIn({ users, usersFile, sessions, log, recorder });
  const refusedTokens = new RefusalTally(({ first, last, names: tokenIds, address, count }) => {
    const data = { ...(address && { address }), count, tokenIds, until: new Date(last).toISOString() };
    record({ type: 'TokenRefused', data }, first);
  });
  const limits = new CallerLimits(config.limits, new BoundedLog(log));
  const authenticator = new Authenticator({
    tokens,
    sessions,
    log: new BoundedLog(log),
    onRefused: (from, name) => refusedTokens.add(from, { name, reason: 'refused' }),
    scrapers: config.metrics.withoutToken,
    signIn: { password: '/v1/session', ...(config.oidc && { oidc: '/v1/session/oidc' }) },
  });
  const oidc = config.oidc && new OidcSignIn(config.oidc);
  const look = (): void => [tokens, users].forEach((file) => file.look());
  look();
  const looking = setInterval(look, lookEveryMs).unref();
  const close = (): Promise<void> => {
    clearInterval(looking);
    signIn.close();
    refusedTokens.flush();
    return recorder.close();
  };
  return { tokens, users, sessions, signIn, authenticator, limits, oidc, close };
}
