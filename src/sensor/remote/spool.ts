import type { SentVerdict } from './verdict-words.js';

/** The oldest verdicts of a spool, to be sent together. */
export interface SpoolBatch {
  readonly verdicts: readonly SentVerdict[];
  /** To be handed back when the engine has answered for them. */
  readonly end: SpoolPlace;
}

/** A place in a spool; only the spool itself knows what it means. */
export interface SpoolPlace {
  readonly segment: number;
  readonly offset: number;
}

/** Verdicts that wait for the engine, in the order in which they were made. */
export interface Spool {
  /** Takes verdicts in; durable where the spool is on a disk. Throws a SpoolError where it cannot keep them. */
  append(verdicts: readonly SentVerdict[]): void;
  /** The oldest of those that wait, about so many bytes and at least one; the same again until `done`. Empty when none waits. */
  next(mostBytes: number, most: number): SpoolBatch;
  /** The engine has answered for everything before this place. */
  done(end: SpoolPlace): void;
  /** Everything that waits, for a judge that goes on after a restart. */
  pending(): Iterable<SentVerdict>;
  readonly queued: number;
  /** Verdicts given up because the spool was full. */
  readonly lost: number;
  close(): void;
}

/** A spool that cannot be used; the message names it, what was found and the cure. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
}

const mostInMemory = 20_000;

/** A spool that ends with its process. Its places count verdicts from the first one on. */
export class MemorySpool implements Spool {
  private waiting: SentVerdict[] = [];
  private first = 0;
  private dropped = 0;

  constructor(private readonly limit = mostInMemory) {}

  get queued(): number {
    return this.waiting.length;
  }

  get lost(): number {
    return this.dropped;
  }

  append(verdicts: readonly SentVerdict[]): void {
    this.waiting.push(...verdicts);
    const over = Math.max(0, this.waiting.length - this.limit);
    this.dropped += over;
    this.drop(over);
  }

  next(mostBytes: number, most: number): SpoolBatch {
    let bytes = 0;
    const some = this.waiting.slice(0, most);
    const tooMuch = some.findIndex((one, index) => (bytes += JSON.stringify(one).length) > mostBytes && index > 0);
    const verdicts = tooMuch < 0 ? some : some.slice(0, tooMuch);
    return { verdicts, end: { segment: 0, offset: this.first + verdicts.length } };
  }

  done({ offset }: SpoolPlace): void {
    this.drop(Math.max(0, offset - this.first));
  }

  pending(): Iterable<SentVerdict> {
    return this.waiting;
  }

  close(): void {
    this.waiting = [];
  }

  private drop(count: number): void {
    this.waiting.splice(0, count);
    this.first += count;
  }
}
