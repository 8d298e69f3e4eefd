import { statSync } from 'node:fs';
import { AuthFileError } from './auth-file.js';

const lookAgainMs = 1000;

/** What became of a file since it was read last: keys of entries. */
export interface EntryChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface WatchedOptions<Entry = unknown> {
  readonly monotonic?: (() => number) | undefined;
  /** Told of every change but the first reading; `trouble` is why nobody can be let in since. */
  readonly onChange?: ((changes: EntryChanges, trouble: string | undefined) => void) | undefined;
  /** Told of the entries each time they were read; a file that is not there has none, one that cannot be read tells nothing. */
  readonly onRead?: ((entries: ReadonlyMap<string, Entry>) => void) | undefined;
}

/** The entries of a file as it is now: looked at once a second, and empty while it cannot be read. */
export class WatchedEntries<Entry> {
  private entries: ReadonlyMap<string, Entry> = new Map();
  private seen: string | undefined;
  private isRead = false;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private problem: AuthFileError | undefined;
  private readonly monotonic: () => number;

  constructor(
    private readonly file: string,
    private readonly read: (file: string) => readonly Entry[],
    private readonly keyOf: (entry: Entry) => string,
    private readonly options: WatchedOptions<Entry> = {},
  ) {
    this.monotonic = options.monotonic ?? (() => performance.now());
  }

  /** The entry as the file has it at this moment. */
  fresh(key: string): Entry | undefined {
    this.lookAgain(0);
    return this.entries.get(key);
  }

  /** A key that is not there is looked for in the file before it is said to be missing, so that new entries work at once. */
  get(key: string): Entry | undefined {
    this.lookAgain(lookAgainMs);
    if (!this.entries.has(key)) this.lookAgain(0);
    return this.entries.get(key);
  }

  /** The entry as of the last look, which is a second old at most. */
  current(key: string): Entry | undefined {
    this.lookAgain(lookAgainMs);
    return this.entries.get(key);
  }

  /** Why nobody can be let in just now; undefined when the file is fine. */
  get trouble(): AuthFileError | undefined {
    this.lookAgain(lookAgainMs);
    return this.problem;
  }

  get size(): number {
    this.lookAgain(lookAgainMs);
    return this.entries.size;
  }

  /** Looks whether the file changed; at most once a second. */
  look(): void {
    this.lookAgain(lookAgainMs);
  }

  private lookAgain(afterMs: number): void {
    const at = this.monotonic();
    if (at - this.lookedAt < afterMs) return;
    this.lookedAt = at;
    const stamp = stampOf(this.file);
    if (stamp === this.seen && stamp !== undefined) return;
    this.seen = stamp;
    const before = this.entries;
    const problemBefore = this.problem?.message;
    try {
      this.entries = new Map(this.read(this.file).map((entry) => [this.keyOf(entry), entry]));
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof AuthFileError)) throw error;
      // Fail closed: a file that cannot be read may be one from which somebody was just shut out.
      this.entries = new Map();
      this.problem = error;
    }
    if (this.isRead) this.tell(before, problemBefore);
    this.isRead = true;
    if (this.problem === undefined || this.problem.missing) this.options.onRead?.(this.entries);
  }

  private tell(before: ReadonlyMap<string, Entry>, problemBefore: string | undefined): void {
    const changes = changesBetween(before, this.entries);
    const isSame = changes.added.length + changes.changed.length + changes.removed.length === 0;
    if (!isSame || problemBefore !== this.problem?.message) this.options.onChange?.(changes, this.problem?.message);
  }
}

function changesBetween<Entry>(before: ReadonlyMap<string, Entry>, now: ReadonlyMap<string, Entry>): EntryChanges {
  const same = (key: string): boolean => JSON.stringify(before.get(key)) === JSON.stringify(now.get(key));
  return {
    added: [...now.keys()].filter((key) => !before.has(key)),
    changed: [...now.keys()].filter((key) => before.has(key) && !same(key)),
    removed: [...before.keys()].filter((key) => !now.has(key)),
  };
}

function stampOf(file: string): string | undefined {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
}
