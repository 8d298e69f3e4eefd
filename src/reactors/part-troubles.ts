import type { Backoff } from './backoff.js';

interface Trouble {
  readonly message: string;
  /** It could not even be read. */
  readonly isUnread: boolean;
}

/**
 * What of a part cannot be read or refuses what is pushed to it, by the key of its lines, while the rest goes on. It waits
 * before it is tried again, and is told until it is well.
 */
export class PartTroubles {
  private readonly current = new Map<string, Trouble>();
  /** Those that failed in this step: a second failure in it makes nobody wait longer. */
  private readonly counted = new Set<string>();

  constructor(private readonly backoff: Backoff) {}

  /** What is wrong, in one line; undefined where nothing is. */
  get told(): string | undefined {
    const messages = [...this.current.values()].map(({ message }) => message);
    return messages.length === 0 ? undefined : messages.join('; ');
  }

  get state(): 'failing' | undefined {
    return this.current.size === 0 ? undefined : 'failing';
  }

  has(key: string | undefined): boolean {
    return key !== undefined && this.current.has(key);
  }

  isWaiting(key: string): boolean {
    return this.backoff.isWaiting(waitOf(key));
  }

  /** Something changed out there: what waits may be tried at once. */
  forgiven(): void {
    for (const key of this.current.keys()) this.backoff.forgiven(waitOf(key));
  }

  /** Before the first look of a step. */
  stepBegins(): void {
    this.counted.clear();
  }

  /** After a look. @param planned keys of the lines that are to be done */
  looked(unread: ReadonlyMap<string, Error>, planned: ReadonlySet<string>): void {
    for (const [key, { isUnread }] of this.current)
      if (!unread.has(key) && (isUnread || !planned.has(key))) this.ended(key);
    for (const [key, error] of unread) this.began(key, error, true);
  }

  /** After a push. @param keys of the lines that were pushed */
  pushed(keys: ReadonlySet<string>, failures: ReadonlyMap<string, Error>): void {
    for (const key of keys) if (!failures.has(key)) this.ended(key);
    for (const [key, error] of failures) this.began(key, error, false);
  }

  private began(key: string, { message }: Error, isUnread: boolean): void {
    this.current.set(key, { message, isUnread });
    if (!this.counted.has(key)) this.backoff.failed(waitOf(key));
    this.counted.add(key);
  }

  private ended(key: string): void {
    this.current.delete(key);
    this.backoff.succeeded(waitOf(key));
  }
}

const waitOf = (key: string): string => `${key} in trouble`;
