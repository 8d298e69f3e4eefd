import { readFileSync } from 'node:fs';
import { StoreError } from '../event-store.port.js';

/** Which log on which server, and how patient to be with it. */
export interface EventStoreDbOptions {
  /** `esdb://...` or `esdb+discover://...`, without user and password. */
  readonly connectionString: string;
  /** JSON `{"username": ..., "password": ...}`. */
  readonly credentialsFile?: string | undefined;
  /** The streams of this log are called `<namespace>.<stream>` on the server. */
  readonly namespace: string;
  /** Holds the local index, which is made anew where it is missing; made where its parent exists. */
  readonly directory: string;
  /** Milliseconds between heartbeats; two without one mean that the log is not being followed. */
  readonly heartbeatMs: number;
  /** Milliseconds that one call may go without an answer. */
  readonly deadlineMs: number;
  /** How many of the newest events are kept in memory; default 10,000. */
  readonly recentEvents?: number;
  /** The engine's clock, milliseconds since 1970; default the system's. */
  readonly now?: (() => number) | undefined;
}

/** Who the server is, for messages. */
export function serverName({ connectionString }: EventStoreDbOptions): string {
  return connectionString.replace(/[/?]*(\?.*)?$/, '');
}

/**
 * The connection string as the client takes it: with user and password, and with bounds on looking for a cluster.
 * @throws StoreError `store-unusable` for a credentials file that cannot be used; its content is never shown
 */
export function clientConnectionString({ connectionString, credentialsFile }: EventStoreDbOptions): string {
  const bounds = ['maxDiscoverAttempts=3', 'gossipTimeout=2'].filter(
    (bound) => !connectionString.includes(bound.slice(0, bound.indexOf('=') + 1)),
  );
  const withBounds = `${connectionString}${connectionString.includes('?') ? '&' : '?'}${bounds.join('&')}`.replace(
    /[?&]$/,
    '',
  );
  if (credentialsFile === undefined) return withBounds;
  const { username, password } = readCredentials(credentialsFile);
  return withBounds.replace('://', `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}

function readCredentials(file: string): { username: string; password: string } {
  const unusable = (what: string): StoreError =>
    new StoreError('store-unusable', `${file} ${what}. Write {"username": "...", "password": "..."} there.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw unusable('is not JSON');
    throw unusable(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'for no known reason'})`);
  }
  const { username, password } = (parsed ?? {}) as { username?: unknown; password?: unknown };
  if (typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '')
    return { username, password };
  throw unusable('lacks username or password');
}
