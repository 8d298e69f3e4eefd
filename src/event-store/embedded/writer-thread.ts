import { Worker } from 'node:worker_threads';
import { StoreError } from '../event-store.port.js';
import { FlatReader, packCall, unpackOutcome } from './flat-messages.js';
import type { Flat, WriteCall, WriteOutcome, WriterAnswer, WriterOrder, WriterStart } from './writer-messages.js';

interface Waiting {
  readonly appends: number;
  /** Turns the outcomes into the answer of the call; runs for a whole group before anybody hears of any of it. */
  readonly answer: (outcomes: readonly WriteOutcome[]) => () => void;
  readonly reject: (error: StoreError) => void;
}

/** What the writer tells without being asked. */
export interface WriterEvents {
  /** It has stopped for good; called once, before the calls that wait for it reject. */
  readonly onBroken: (error: StoreError) => void;
  /** All calls of a group have their answers, and nobody has heard of them yet. */
  readonly onGroup: () => void;
}

/**
 * Calls are sent at the end of the turn of the event loop; when there are many, some go ahead: the writer begins with
 * them while the others are made ready, and takes those into the same group. Counted in texts and numbers.
 */
const mostHeldBack = 160;

/**
 * The engine's end of the writer. Calls of one turn of the event loop are sent as one message; the answers come in the
 * order of the calls. It keeps the process alive only while an answer is due.
 */
export class WriterThread {
  /** What the writer had to say of the opening. */
  remark: string | undefined;
  /** Why appends are refused for now, while reads go on. */
  refusing: string | undefined;
  private readonly waiting: Waiting[] = [];
  private readonly exited: Promise<void>;
  private unsent: Flat = [];
  private sending: NodeJS.Immediate | undefined;
  private over: StoreError | undefined;
  private closing = false;

  private constructor(
    private readonly worker: Worker,
    private readonly directory: string,
    private readonly events: WriterEvents,
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

  /** Starts the writer and waits until it holds the log. */
  static async start(start: WriterStart, events: WriterEvents): Promise<WriterThread> {
    const worker = new Worker(new URL('./writer.worker.js', import.meta.url), { workerData: start });
    const thread = new WriterThread(worker, start.directory, events);
    const ready = new Promise<void>((resolve) => {
      worker.on('message', (answer: WriterAnswer) => {
        if (Array.isArray(answer)) return thread.takeGroup(answer);
        if (answer.kind !== 'ready') return thread.take(answer);
        thread.remark = answer.remark;
        resolve();
      });
    });
    // A writer that cannot start is awaited to its end: by then it has let go of the files.
    await Promise.race([ready, thread.exited]);
    if (thread.over !== undefined) throw thread.over;
    worker.unref();
    return thread;
  }

  /**
   * Stores the appends of a call as one durable step.
   * @param answer makes the answer of this call of its outcomes, one for each append
   */
  append<Answer>(call: WriteCall, answer: (outcomes: readonly WriteOutcome[]) => Answer): Promise<Answer> {
    if (this.over !== undefined) return Promise.reject(this.over);
    return new Promise((resolve, reject) => {
      const answered = (outcomes: readonly WriteOutcome[]): (() => void) => {
        const ready = answer(outcomes);
        return () => resolve(ready);
      };
      if (this.waiting.push({ appends: call.requests.length, answer: answered, reject }) === 1) this.worker.ref();
      packCall(this.unsent, call);
      if (this.unsent.length >= mostHeldBack) this.send();
      else this.sending ??= setImmediate(() => this.send());
    });
  }

  /** Resolves when every append before it is answered, the file is closed and the lock is free. */
  async close(): Promise<void> {
    if (!this.closing && this.over === undefined) {
      this.closing = true;
      this.worker.ref();
      this.send();
      this.post('close');
    }
    await this.exited;
  }

  private send(): void {
    clearImmediate(this.sending);
    this.sending = undefined;
    if (this.unsent.length > 0) this.post(this.unsent);
    this.unsent = [];
  }

  private post(order: WriterOrder): void {
    this.worker.postMessage(order);
  }

  private takeGroup(flat: Flat): void {
    this.refusing = undefined;
    const answers: (() => void)[] = [];
    for (const from = new FlatReader(flat); !from.ended;) {
      const call = this.waiting.shift();
      if (call === undefined) return this.break('it answered more than it was asked');
      const outcomes = Array.from({ length: call.appends }, () => unpackOutcome(from));
      answers.push(call.answer(outcomes));
    }
    if (this.waiting.length === 0 && !this.closing) this.worker.unref();
    this.events.onGroup();
    for (const answer of answers) answer();
  }

  private take(answer: Exclude<WriterAnswer, Flat | { kind: 'ready' }>): void {
    switch (answer.kind) {
      case 'writable':
        this.refusing = undefined;
        return;
      case 'broken':
        return this.fail(new StoreError(answer.failure.code, answer.failure.message));
      case 'refused': {
        this.refusing = answer.failure.message;
        const refused = this.waiting.splice(0, answer.calls);
        if (this.waiting.length === 0 && !this.closing) this.worker.unref();
        for (const { reject } of refused) reject(new StoreError(answer.failure.code, answer.failure.message));
      }
    }
  }

  private break(why: string): void {
    this.fail(
      new StoreError(
        'store-failed',
        `The writer of the log in ${this.directory} stopped: ${why}. Start the engine again; what was acknowledged is stored.`,
      ),
    );
  }

  private fail(error: StoreError): void {
    if (this.over !== undefined) return;
    this.over = error;
    clearImmediate(this.sending);
    this.events.onBroken(error);
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
