import { Worker } from 'node:worker_threads';
import { StoreError } from './event-store.port.js';
import type { Failure, WriteOutcome, WriterAnswer, WriterOrder, WriteRequest, WriterStart } from './writer-messages.js';

interface Waiting {
  readonly resolve: (outcomes: readonly WriteOutcome[]) => void;
  readonly reject: (error: StoreError) => void;
}

/**
 * The engine's end of the writer: sends it orders and matches its answers, which come in the order of the orders.
 * It keeps the process alive only while an answer is due.
 */
export class WriterThread {
  private readonly waiting: Waiting[] = [];
  private readonly exited: Promise<void>;
  private over: StoreError | undefined;
  private closing = false;

  private constructor(
    private readonly worker: Worker,
    private readonly directory: string,
    private readonly onBroken: (error: StoreError) => void,
  ) {
    this.exited = new Promise((resolve) => {
      worker.once('exit', () => {
        if (!this.closing) this.break('its thread ended');
        resolve();
      });
    });
    worker.on('error', (error) => this.break(error.message));
    worker.on('messageerror', (error) => this.break(error.message));
  }

  /**
   * Starts the writer and waits until it holds the log.
   * @param onBroken called once when the writer has stopped for good, before the calls that wait for it reject
   */
  static async start(start: WriterStart, onBroken: (error: StoreError) => void): Promise<WriterThread> {
    const worker = new Worker(new URL('./embedded-writer.worker.js', import.meta.url), { workerData: start });
    const thread = new WriterThread(worker, start.directory, onBroken);
    const ready = new Promise<void>((resolve) => {
      worker.on('message', (answer: WriterAnswer) => (answer.kind === 'ready' ? resolve() : thread.take(answer)));
    });
    // A writer that cannot start is awaited to its end: by then it has let go of the files.
    await Promise.race([ready, thread.exited]);
    if (thread.over !== undefined) throw thread.over;
    worker.unref();
    return thread;
  }

  /** Sends these appends as one durable step. */
  append(requests: readonly WriteRequest[], at: number | undefined): Promise<readonly WriteOutcome[]> {
    if (this.over !== undefined) return Promise.reject(this.over);
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ resolve, reject }) === 1) this.worker.ref();
      this.send({ kind: 'append', requests, at });
    });
  }

  /** Resolves when every append before it is answered, the file is closed and the lock is free. */
  async close(): Promise<void> {
    if (!this.closing && this.over === undefined) {
      this.closing = true;
      this.worker.ref();
      this.send({ kind: 'close' });
    }
    await this.exited;
  }

  private send(order: WriterOrder): void {
    this.worker.postMessage(order);
  }

  private take(answer: Exclude<WriterAnswer, { kind: 'ready' }>): void {
    if (answer.kind === 'broken') return this.fail(answer.failure);
    const waiting = this.waiting.shift();
    if (this.waiting.length === 0 && !this.closing) this.worker.unref();
    if (answer.kind === 'appended') waiting?.resolve(answer.outcomes);
    else waiting?.reject(new StoreError(answer.failure.code, answer.failure.message));
  }

  private break(why: string): void {
    const message = `The writer of the log in ${this.directory} stopped: ${why}. Start the engine again; what was acknowledged is stored.`;
    this.fail({ code: 'store-failed', message });
  }

  private fail({ code, message }: Failure): void {
    if (this.over !== undefined) return;
    this.over = new StoreError(code, message);
    this.onBroken(this.over);
    for (const { reject } of this.waiting.splice(0)) reject(this.over);
  }
}
