import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../../cli/command.js';
import type { EngineClient } from '../../cli/engine-client.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import type { Spool } from './spool.js';
import { mostVerdicts, type SentVerdict, type VerdictResult } from './verdict-words.js';

const bytesAtOnce = 256 * 1024;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Sends what waits in a spool to the engine, in order, and tries again until the engine has answered for it. */
export class VerdictSender {
  private rejected = 0;
  private pauseMs = firstPauseMs;
  private trouble: string | undefined;
  private readonly stopping = new AbortController();
  private waking: (() => void) | undefined;
  private readonly running: Promise<void>;

  /** @param onNotStored told of each verdict that the engine will never take: refused, or none when judged again */
  constructor(
    private readonly engine: () => EngineClient,
    private readonly spool: Spool,
    private readonly log: SensorLog,
    private readonly onNotStored: (verdict: SentVerdict) => void,
  ) {
    this.running = this.run();
  }

  /** Verdicts that the engine refused. */
  get refused(): number {
    return this.rejected;
  }

  /** Why nothing can be sent just now; undefined while it can. */
  get problem(): string | undefined {
    return this.trouble;
  }

  /** Something was put into the spool. */
  wake(): void {
    this.waking?.();
  }

  /** Stops after the request that is under way, if any; what waits stays in the spool. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const { verdicts, end } = this.spool.next(bytesAtOnce, mostVerdicts);
      if (verdicts.length === 0) {
        await new Promise<void>((resolve) => (this.waking = resolve));
        this.waking = undefined;
        continue;
      }
      const waitMs = await this.send(verdicts);
      if (waitMs === undefined) this.spool.done(end);
      else await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Undefined when the engine has answered for them; else how long to wait before the same again, ms. */
  private async send(verdicts: readonly SentVerdict[]): Promise<number | undefined> {
    try {
      const body = JSON.stringify({ verdicts });
      const contentType = 'application/json';
      const answer = await this.engine().request('/v1/sensor/verdicts', { method: 'POST', contentType, body });
      if (answer.status === 200) {
        this.settled(verdicts, (answer.body as { results: readonly VerdictResult[] }).results);
        return undefined;
      }
      const { detail = `the engine answered ${answer.status}` } = (answer.body ?? {}) as { detail?: string };
      return this.later(detail, Number(answer.headers.get('retry-after') ?? '0') * 1000);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      return this.later(error.message, 0);
    }
  }

  private later(why: string, askedMs: number): number {
    if (this.trouble === undefined) this.log.error('verdicts not sent, will retry', { why, queued: this.spool.queued });
    this.trouble = why;
    const waitMs = Math.max(this.pauseMs, Math.min(askedMs, 60_000));
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
    return waitMs;
  }

  private settled(verdicts: readonly SentVerdict[], results: readonly VerdictResult[]): void {
    if (this.trouble !== undefined) this.log.info('verdicts sent again', { queued: this.spool.queued });
    this.trouble = undefined;
    this.pauseMs = firstPauseMs;
    verdicts.forEach((verdict, index) => {
      const result = results[index];
      if (result?.outcome === 'withheld') {
        this.log.info('verdict withheld by the engine', { type: verdict.type, reason: result.reason });
        return this.onNotStored(verdict);
      }
      if (result?.outcome !== 'refused') return;
      if (this.rejected++ % 100 === 0)
        this.log.error('verdict refused', { type: verdict.type, reason: result.reason, refused: this.rejected });
      this.onNotStored(verdict);
    });
  }
}
