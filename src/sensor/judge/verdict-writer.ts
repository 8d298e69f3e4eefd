import { randomUUID } from 'node:crypto';
import { catalogue, contractOf, formatInstant } from '../../../events/index.js';
import type { AppendOutcome, AppendRequest, EventStore } from '../../event-store/event-store.port.js';
import type { Verdict } from './judge-verdict.js';
import { urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';

/** Where the sensor room writes what an operator should know: a constant message, and fields. */
export interface SensorLog {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface VerdictWriterOptions {
  readonly store: EventStore;
  readonly log: SensorLog;
  /** Told of a verdict that was given up because the queue was full or the store refused it. */
  readonly onGivenUp: (verdict: Verdict) => void;
  /** Verdicts are stored together after this time, ms (5). */
  readonly batchMs?: number;
  /** At most this many verdicts wait for the store (20,000). */
  readonly queueLimit?: number;
  /** Wait before the first retry, ms (100); doubled up to 5 s. */
  readonly firstRetryMs?: number;
}

interface Queued {
  readonly verdict: Verdict;
  readonly request: AppendRequest;
}

const batchSize = 500;
const longestRetryMs = 5_000;

/**
 * Stores verdicts in order, several at a time, and tries again until the store takes them.
 * Each verdict has its event id before the first attempt, so an answer that got lost stores nothing twice.
 */
export class VerdictWriter {
  private queue: Queued[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private retryMs: number;
  private givenUp = 0;
  private problem: string | undefined;
  private closed = false;

  constructor(private readonly options: VerdictWriterOptions) {
    this.retryMs = this.firstRetryMs;
  }

  get state(): { readonly queued: number; readonly givenUp: number; readonly trouble: string | undefined } {
    return { queued: this.queue.length, givenUp: this.givenUp, trouble: this.problem };
  }

  push(verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      if (this.queue.length >= (this.options.queueLimit ?? 20_000)) this.giveUp(verdict, 'queue-full');
      else this.queue.push({ verdict, request: requestOf(verdict) });
    }
    this.schedule(this.options.batchMs ?? 5);
  }

  /** Makes one last attempt to store what is queued. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.writing;
    while (this.queue.length > 0 && (await this.writeBatch()));
    if (this.queue.length > 0) this.options.log.error('verdicts lost at shutdown', { count: this.queue.length });
  }

  private get firstRetryMs(): number {
    return this.options.firstRetryMs ?? 100;
  }

  private schedule(delayMs: number): void {
    if (this.closed || this.queue.length === 0 || this.timer !== undefined || this.writing !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.writing = this.drain();
    }, delayMs);
  }

  private async drain(): Promise<void> {
    let stored = true;
    while (!this.closed && this.queue.length > 0 && stored) stored = await this.writeBatch();
    this.writing = undefined;
    if (stored) return this.schedule(this.options.batchMs ?? 5);
    const delayMs = this.retryMs;
    this.retryMs = Math.min(longestRetryMs, this.retryMs * 2);
    this.schedule(delayMs);
  }

  /** True when the store answered; its refusals concern single verdicts and are final. */
  private async writeBatch(): Promise<boolean> {
    const batch = this.queue.slice(0, batchSize);
    let outcomes: AppendOutcome[];
    try {
      outcomes = await this.options.store.appendMany(batch.map((one) => one.request));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.problem === undefined) {
        this.options.log.error('verdicts not stored, will retry', { reason, queued: this.queue.length });
      }
      this.problem = reason;
      return false;
    }
    if (this.problem !== undefined) this.options.log.info('verdicts stored again', { queued: this.queue.length });
    this.problem = undefined;
    this.retryMs = this.firstRetryMs;
    this.queue = this.queue.slice(batch.length);
    batch.forEach(({ verdict }, index) => {
      const outcome = outcomes[index]?.outcome;
      if (outcome !== 'stored' && outcome !== 'duplicate') this.giveUp(verdict, outcome ?? 'no-answer');
    });
    return true;
  }

  private giveUp(verdict: Verdict, reason: string): void {
    // One line for a run of losses, not one for each of a flood.
    if (this.givenUp++ % 1_000 === 0) {
      this.options.log.error('verdict given up', { reason, type: verdict.type, givenUp: this.givenUp });
    }
    this.options.onGivenUp(verdict);
  }
}

function requestOf(verdict: Verdict): AppendRequest {
  const { type, data, sensor, time } = verdict;
  const stream = contractOf(type)?.stream?.(data);
  if (stream === undefined) throw new Error(`Verdict ${type} has no stream: its contract in events/ must name one.`);
  const source = `urn:portledger:sensor:${sensor}`;
  const sourceId = randomUUID();
  const id = uuidV5(uuidV5(urlNamespace, source), sourceId);
  const metadata = { source, sourceId, schemaVersion: catalogue[type].version, time: formatInstant(time) };
  return { stream, expected: 'any', events: [{ id, type, data, metadata }] };
}
