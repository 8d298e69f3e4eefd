import { Worker } from 'node:worker_threads';
import type { Log } from '../../ops/log.js';
import type { Indexed } from '../known-log.js';
import { HistoryIndex, type IndexedLog } from './history-index.js';
import { DamagedIndex } from './posting-run.js';

/** How a thread of its own opens the log for reading: a module that exports `openStoreReader`, and what to call it with. */
export interface LogDoor {
  readonly module: string;
  readonly choice: unknown;
}

export interface HistoryOrder {
  readonly door: LogDoor;
  readonly directory: string;
}

/** What the thread tells: how far the index on the disk is, or why it goes no further. */
export type HistoryTold = { readonly reaches: number } | { readonly problem: string };

export interface HistoryOptions extends HistoryOrder {
  readonly store: IndexedLog;
  readonly log: Log;
}

/** A question that began with an index may look things up in it for this long after it was replaced. */
const retireMs = 60_000;
const retryMs = 30_000;

/** The engine's end of the address history: has a thread keep it up, and hands out what is on the disk. */
export class HistoryKeeper {
  private index: HistoryIndex | undefined;
  private readonly retired = new Map<HistoryIndex, NodeJS.Timeout>();
  private worker: Worker | undefined;
  private retry: NodeJS.Timeout | undefined;
  private opening: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: HistoryOptions) {}

  start(): void {
    if (this.closed) return;
    const { door, directory } = this.options;
    const order: HistoryOrder = { door, directory };
    const worker = new Worker(new URL('./history.worker.js', import.meta.url), { workerData: order });
    this.worker = worker;
    worker.unref();
    worker.on('message', (told: HistoryTold) => {
      if ('problem' in told) this.lose(worker, told.problem);
      else this.opening = this.opening.then(() => this.reopen());
    });
    worker.on('error', (error) => this.lose(worker, error.message));
    worker.on('exit', () => this.lose(worker, 'its thread ended'));
  }

  /** What there is to search with now. */
  readonly current = (): Indexed => ({ history: this.index, onDamaged: (error) => this.damaged(error) });

  /** Stops the thread; resolves when it has let go of the log. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.stop();
    await this.opening;
    this.replace(undefined);
    for (const [index, timer] of this.retired) {
      clearTimeout(timer);
      index.close();
    }
    this.retired.clear();
  }

  private async reopen(): Promise<void> {
    const { directory, store, log } = this.options;
    try {
      const found = await HistoryIndex.open(directory, store);
      if (found !== undefined && !this.closed) this.replace(found);
      else found?.close();
    } catch (error) {
      log.warn('address history not read', { directory, reason: reasonOf(error) });
    }
  }

  private replace(index: HistoryIndex | undefined): void {
    const before = this.index;
    this.index = index;
    if (before === undefined) return;
    const close = (): void => {
      this.retired.delete(before);
      before.close();
    };
    this.retired.set(before, setTimeout(close, retireMs).unref());
  }

  private damaged(error: unknown): void {
    const { directory, log } = this.options;
    if (!(error instanceof DamagedIndex) || this.index === undefined) return;
    log.warn('address history not believed', { directory, reason: error.message });
    this.replace(undefined);
    // A new thread looks at every block before it goes on, and begins anew where one is damaged.
    void this.stop().then(() => this.start());
  }

  private lose(worker: Worker, reason: string): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    if (this.closed) return;
    this.options.log.warn('address history not kept up', { directory: this.options.directory, reason });
    this.retry = setTimeout(() => this.start(), retryMs).unref();
  }

  private async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    clearTimeout(this.retry);
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('stop');
    await ended;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
