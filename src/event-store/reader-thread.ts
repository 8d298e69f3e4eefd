import { Worker } from 'node:worker_threads';
import type { StoredEvent } from '../../events/index.js';
import { StoreError } from './event-store.port.js';
import type { Failure } from './writer-messages.js';

/** What the reader's thread is started with. */
export interface ReaderStart {
  readonly directory: string;
}

export type PageOrder = { readonly first: number; readonly limit: number } | 'close';

export type PageAnswer =
  /** A JSON list of events: one text, parsed in one go, costs the main thread less than rows do. */
  | { readonly text: string; readonly count: number; readonly limit: number }
  | { readonly failure: Failure; readonly limit: number };

interface Waiting {
  readonly resolve: (events: StoredEvent[]) => void;
  readonly reject: (error: StoreError) => void;
}

/** A reader that nobody asked for this long is closed again. */
const idleMs = 10_000;

/** Reads and checks pages in a thread of its own, which is started at the first page and ends when it is not needed. */
export class ReaderThread {
  private worker: Worker | undefined;
  private exited: Promise<void> = Promise.resolve();
  private readonly waiting: Waiting[] = [];
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly directory: string) {}

  /**
   * At most `limit` events from ordinal `first` on.
   * Rejects with StoreError `store-corrupt` or `store-failed`, and `store-closed` when it is closed meanwhile.
   */
  page(first: number, limit: number): Promise<StoredEvent[]> {
    return new Promise((resolve, reject) => {
      clearTimeout(this.idle);
      const worker = (this.worker ??= this.start());
      if (this.waiting.push({ resolve, reject }) === 1) worker.ref();
      worker.postMessage({ first, limit } satisfies PageOrder);
    });
  }

  /** Resolves when its thread, if one runs, has let go of the files. */
  close(): Promise<void> {
    clearTimeout(this.idle);
    // Whoever waits for the end of the thread must not be gone before it.
    this.worker?.ref();
    this.worker?.postMessage('close' satisfies PageOrder);
    this.worker = undefined;
    this.rejectAll(new StoreError('store-closed', `The log in ${this.directory} was closed while it was read.`));
    return this.exited;
  }

  private start(): Worker {
    const workerData: ReaderStart = { directory: this.directory };
    // Pages are short-lived: a small nursery keeps the process small.
    const resourceLimits = { maxYoungGenerationSizeMb: 16 };
    const worker = new Worker(new URL('./embedded-reader.worker.js', import.meta.url), { workerData, resourceLimits });
    worker.on('message', (answer: PageAnswer) => this.take(worker, answer));
    worker.on('error', (error) => this.lose(worker, error.message));
    this.exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.lose(worker, 'its thread ended');
        resolve();
      });
    });
    return worker;
  }

  private take(worker: Worker, answer: PageAnswer): void {
    if (worker !== this.worker) return;
    const waiting = this.waiting.shift();
    if (this.waiting.length === 0) {
      worker.unref();
      this.idle = setTimeout(() => void this.close(), idleMs).unref();
    }
    if ('failure' in answer) waiting?.reject(new StoreError(answer.failure.code, answer.failure.message));
    else waiting?.resolve(JSON.parse(answer.text) as StoredEvent[]);
  }

  private lose(worker: Worker, why: string): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    this.rejectAll(new StoreError('store-failed', `Reading the log in ${this.directory} stopped: ${why}.`));
  }

  private rejectAll(error: StoreError): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
