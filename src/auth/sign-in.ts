import type { Log } from '../ops/log.js';
import { ProblemError } from '../ops/problem.js';
import type { AccessRecorder } from './access-news.js';
import { Attempts } from './attempts.js';
import { unauthenticated } from './authenticator.js';
import { BoundedLog } from './bounded-log.js';
import { type LastSignIn, noteSignIn } from './last-sign-ins.js';
import { RefusalTally } from './refusal-tally.js';
import { longestPassword, PasswordCheck, PasswordsBusyError } from './password.js';
import type { UserRole } from './principal.js';
import type { Account, Sessions } from './sessions.js';
import type { UserDirectory } from './user-directory.js';

/** A session just begun; `secret` goes into the cookie and nowhere else. */
export interface Begun {
  readonly secret: string;
  readonly id: string;
}

export interface SignInOptions {
  readonly users: UserDirectory;
  readonly usersFile: string;
  readonly sessions: Sessions;
  readonly log: Log;
  readonly recorder: AccessRecorder;
  readonly attempts?: Attempts;
}

/** Why somebody was not let in. */
export interface Refusal {
  readonly kind?: 'oidc';
  readonly from: string | undefined;
  /** One who exists, and none other. */
  readonly user?: string;
  readonly reason: string;
  readonly cause?: string;
}

/** Lets people in: ten wrong passwords a minute, by address and by user, and one answer for everything that is wrong. */
export class SignIn {
  private readonly attempts: Attempts;
  private readonly passwords = new PasswordCheck();
  private readonly refusals: BoundedLog;
  private readonly tally: RefusalTally;

  constructor(private readonly options: SignInOptions) {
    this.attempts = options.attempts ?? new Attempts();
    this.refusals = new BoundedLog(options.log);
    this.tally = new RefusalTally(({ first, last, names: users, address, count, reasons }) => {
      const data = { ...(address && { address }), count, users, reasons, until: new Date(last).toISOString() };
      void options.recorder.record({ type: 'SignInRefused', data }, first);
    });
  }

  /** Hands over what was counted of refusals. */
  close(): void {
    this.tally.flush();
  }

  /**
   * Begins a session for a local user. Throws a ProblemError: 401 for a user and password that do not fit, whichever
   * is wrong; 429 after too many of them; 503 while too many are being checked.
   */
  async withPassword(name: string, password: string, from: string): Promise<Begun> {
    const attempt = this.attempts.begin([`from ${from}`, `user ${name.slice(0, 64)}`]);
    const user = this.options.users.find(name);
    // What was typed is logged only where it names a user: people type their password there.
    const known = user === undefined ? { from } : { user: user.name, from };
    if ('retryAfterSeconds' in attempt) {
      this.refused({ ...known, reason: 'too-many-attempts' });
      throw tooMany(attempt.retryAfterSeconds);
    }
    const isShort = Buffer.byteLength(password) <= longestPassword;
    const fits = await this.check(isShort ? password : '', isShort ? user?.passwordHash : undefined);
    if (user === undefined || !fits) {
      this.refused({ ...known, reason: 'user-and-password-do-not-fit' });
      throw unauthenticated('User and password do not fit, or the user is disabled.');
    }
    attempt.succeeded();
    return this.begin({ kind: 'local', name: user.name, passwordSetAt: user.passwordSetAt }, user.roles, from);
  }

  /** Begins a session for an account that was checked; the log has it before anybody is told, unless it takes nothing. */
  async begin(account: Account, roles: readonly UserRole[], from: string): Promise<Begun> {
    const begun = this.options.sessions.open(account, from);
    const { name: user, kind } = account;
    const { id: sessionId } = begun;
    this.options.log.info('signed in', { user, kind, from, sessionId });
    await this.options.recorder.record({ type: 'SignedIn', data: { user, kind, sessionId, address: from, roles } });
    if (kind === 'local') this.note(user, { at: new Date().toISOString(), from });
    return begun;
  }

  /** A sign-in that failed: here, or at an OpenID provider. Nothing of what was typed is in it. */
  refused(refusal: Refusal): void {
    this.refusals.warn('sign-in refused', { ...refusal });
    this.tally.add(refusal.from, { name: refusal.user, reason: refusal.reason });
  }

  private async check(password: string, passwordHash: string | undefined): Promise<boolean> {
    try {
      return await this.passwords.fits(password, passwordHash);
    } catch (error) {
      if (!(error instanceof PasswordsBusyError)) throw error;
      const detail = `${error.message} Try again in a moment.`;
      throw new ProblemError(503, 'sign-in-busy', detail, {}, { 'retry-after': '2' });
    }
  }

  private note(user: string, signIn: LastSignIn): void {
    try {
      noteSignIn(this.options.usersFile, user, signIn);
    } catch (error) {
      this.options.log.warn('last sign-in not kept', { user, error: (error as Error).message });
    }
  }
}

function tooMany(seconds: number): ProblemError {
  const detail = `Too many sign-ins failed. Try again in ${seconds} s.`;
  return new ProblemError(429, 'too-many-attempts', detail, {}, { 'retry-after': String(seconds) });
}
