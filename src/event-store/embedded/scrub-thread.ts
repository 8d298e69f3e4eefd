import { Worker } from 'node:worker_threads';
import type { StoreError } from '../event-store.port.js';
import type { ScrubProgress } from './log-scrub.js';
import type { Failure } from './writer-messages.js';

/** When and how eagerly the log is verified behind everybody's back. */
export interface ScrubOptions {
  /** Milliseconds from the opening to the first pass; default 5,000. */
  readonly firstAfterMs?: number;
  /** Milliseconds from the end of a pass to the next; default 6 hours. */
  readonly everyMs?: number;
  /** Of one core, above 0 and at most 1; default 0.05. */
  readonly share?: number;
}

/** What the scrub's thread is started with. */
export interface ScrubStart {
  readonly directory: string;
  readonly share: number;
}

export type ScrubReport =
  | ({ readonly kind: 'progress' } & ScrubProgress)
  | { readonly kind: 'passed'; readonly size: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Errors after which the log, or the disk below it, can no longer be believed. */
const grave: ReadonlySet<StoreError['code']> = new Set(['store-corrupt', 'store-failed']);

/** Verifies the log again and again, each time in a thread that ends with the pass. Never keeps the process alive. */
export class ScrubThread {
  /** The first thing that was not as it was written; stays for good. */
  trouble: string | undefined;
  private said = 'It was not verified yet since it was opened.';
  private worker: Worker | undefined;
  private exited: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private readonly everyMs: number;
  private readonly share: number;

  constructor(
    private readonly directory: string,
    { firstAfterMs = 5000, everyMs = 6 * 3600 * 1000, share = 0.05 }: ScrubOptions,
  ) {
    this.everyMs = everyMs;
    this.share = share;
    this.wait(firstAfterMs);
  }

  /** How far it is, in a sentence. */
  get progress(): string {
    return this.said;
  }

  /** Resolves when its thread, if one runs, has let go of the files. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.worker?.ref();
    this.worker?.postMessage('close');
    this.worker = undefined;
    await this.exited;
  }

  private wait(milliseconds: number): void {
    this.timer = setTimeout(() => this.start(), milliseconds).unref();
  }

  private start(): void {
    const workerData: ScrubStart = { directory: this.directory, share: this.share };
    const resourceLimits = { maxYoungGenerationSizeMb: 8 };
    const worker = new Worker(new URL('./scrub.worker.js', import.meta.url), { workerData, resourceLimits });
    worker.unref();
    this.worker = worker;
    worker.on('message', (report: ScrubReport) => this.take(report));
    worker.on('error', (error) => (this.said = `Verifying it failed: ${error.message}`));
    this.exited = new Promise((resolve) => {
      worker.on('exit', () => {
        if (worker === this.worker && this.trouble === undefined) this.wait(this.everyMs);
        resolve();
      });
    });
  }

  private take(report: ScrubReport): void {
    switch (report.kind) {
      case 'progress':
        this.said = `${report.checked} of ${report.of} events are verified in this pass.`;
        return;
      case 'passed':
        this.said = `All ${report.size} events it held were verified at ${new Date().toISOString()}.`;
        return;
      case 'failed':
        this.said = `Verifying it failed: ${report.failure.message}`;
        if (grave.has(report.failure.code)) this.trouble = report.failure.message;
    }
  }
}
