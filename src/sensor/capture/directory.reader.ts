import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureError } from './capture.error.js';
import { compareNames } from './capture-files.js';
import type { CaptureState, PieceHandlers, PieceSource } from './capture-handlers.js';
import { type FileMark, GrowingFile, sameMark } from './growing-file.js';

/** Finished captures that somebody packed had been read before. */
const isPacked = (name: string): boolean => /\.(?:gz|bz2|xz|zst|lz4)$/.test(name);

export interface DirectoryOptions extends PieceHandlers {
  /** Wait between two looks, ms (500); ten times as long as listing took where that is more. */
  readonly pollMs?: number;
}

interface Listed extends FileMark {
  readonly path: string;
}

interface Finished {
  readonly mark: FileMark;
  readonly head: Uint8Array;
}

/**
 * Reads the captures that another program writes into a directory and rotates (`tcpdump -G`, `-C`, `-W`): the finished
 * ones in the order of their last write, then the growing one as it grows. A name that is written anew is a new capture.
 * A file counts as finished once a later one is there; what it grows by afterwards is not read, nor is what is packed.
 */
export class DirectoryReader implements PieceSource {
  readonly counts = undefined;
  lastHeardAt: number | undefined;
  private wanted = false;
  private following: Promise<void> | undefined;
  private wake: () => void = () => undefined;
  private paused: Promise<void> | undefined;
  private unpause: () => void = () => undefined;
  private told: CaptureState['state'] | undefined;
  private current: GrowingFile | undefined;
  private givenUp = false;
  /** By inode: a file that is renamed stays the same. */
  private readonly finished = new Map<number, Finished>();

  constructor(
    private readonly directory: string,
    private readonly options: DirectoryOptions,
  ) {}

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    if (!this.wanted) return;
    this.wanted = false;
    this.resume();
    this.wake();
    await this.following;
    this.options.onState({ state: 'stopped' });
  }

  pause(): void {
    this.paused ??= new Promise((resolve) => (this.unpause = resolve));
  }

  resume(): void {
    this.unpause();
    this.paused = undefined;
  }

  /** The rest of this file is passed over, until it is written anew. */
  restart(): void {
    this.givenUp = true;
  }

  private async follow(): Promise<void> {
    const { pollMs = 500 } = this.options;
    while (this.wanted) {
      const began = Date.now();
      let took = 0;
      try {
        const listed = await this.list();
        took = Date.now() - began;
        await this.readAll(listed);
        this.tell({ state: 'running' });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const reason = `captures in ${this.directory} cannot be read: ${why}`;
        const cure = "create the directory and let the engine's user read it, or correct the sensor's directory";
        this.tell({ state: 'failed', retryInMs: pollMs, reason, cure });
      }
      await this.sleep(Math.max(pollMs, 10 * took));
    }
    await this.current?.close();
  }

  /** The files there are, the one last written last. */
  private async list(): Promise<Listed[]> {
    const names = (await readdir(this.directory)).filter((name) => !name.startsWith('.') && !isPacked(name));
    const paths = names.map((name) => join(this.directory, name));
    const there: Listed[] = [];
    let isSettled = true;
    for (const path of paths) {
      // One that has just been deleted is none.
      const found = await stat(path).catch(() => undefined);
      isSettled &&= found !== undefined;
      if (found?.isFile() === true) there.push({ path, ino: found.ino, size: found.size, mtimeMs: found.mtimeMs });
    }
    // A name that went away meanwhile may be a new one now: what was read under it is not to be read again.
    if (isSettled) this.forgetBut(new Set(there.map(({ ino }) => ino)));
    return there.sort((left, right) => left.mtimeMs - right.mtimeMs || compareNames(left.path, right.path));
  }

  private forgetBut(inodes: ReadonlySet<number>): void {
    for (const ino of this.finished.keys()) if (!inodes.has(ino)) this.finished.delete(ino);
  }

  /** Reads on in the current file, and as long as there is a later one, that one too. */
  private async readAll(listed: readonly Listed[]): Promise<void> {
    const waiting: Listed[] = [];
    const now = await this.current?.mark();
    for (const file of listed) if (file.ino !== now?.ino && (await this.isNew(file))) waiting.push(file);
    while (this.wanted) {
      const mark = await this.readCurrent();
      const isOver = mark === undefined || waiting.some((file) => file.mtimeMs >= mark.mtimeMs);
      if (!isOver) return;
      await this.finishCurrent();
      const next = waiting.shift();
      if (next === undefined) return;
      this.givenUp = false;
      // Before it is opened: one that cannot be is not tried again until it changes.
      this.finished.set(next.ino, { mark: next, head: Buffer.alloc(0) });
      this.current = await GrowingFile.open(next.path);
    }
  }

  /** To the end as of now; says what the file was then, undefined where there is none. */
  private async readCurrent(): Promise<FileMark | undefined> {
    const { current } = this;
    if (current === undefined) return undefined;
    await current.noticeRewriting();
    while (this.wanted) {
      await this.paused;
      const piece = await current.next();
      if (piece === undefined) break;
      if (piece.isFirst) {
        this.givenUp = false;
        this.options.onBegin?.(current.path);
      }
      this.deliver(piece.bytes);
    }
    return current.mark();
  }

  private deliver(piece: Uint8Array): void {
    if (this.givenUp) return;
    this.lastHeardAt = Date.now();
    try {
      this.options.onPiece(piece);
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.givenUp = true;
    }
  }

  private async finishCurrent(): Promise<void> {
    const { current } = this;
    if (current === undefined) return;
    const mark = await current.mark();
    this.finished.set(mark.ino, { mark, head: current.head });
    this.current = undefined;
    await current.close();
  }

  /** True for a file not read before; one that only grew after it was finished is none. */
  private async isNew(file: Listed): Promise<boolean> {
    const before = this.finished.get(file.ino);
    if (before === undefined) return true;
    if (sameMark(before.mark, file)) return false;
    if (before.head.length === 0) return true;
    const again = await GrowingFile.open(file.path);
    try {
      if (!(await again.beginsWith(before.head))) return true;
      this.finished.set(file.ino, { ...before, mark: file });
      return false;
    } finally {
      await again.close();
    }
  }

  private tell(state: CaptureState): void {
    if (this.told === state.state || !this.wanted) return;
    this.told = state.state;
    this.options.onState(state);
  }

  private async sleep(ms: number): Promise<void> {
    if (!this.wanted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
