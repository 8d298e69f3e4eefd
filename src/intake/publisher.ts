import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, exitCode } from '../cli/command.js';
import { type EngineAnswer, type EngineClient, problemOf } from '../cli/engine-client.js';
import { streamsNamedBy } from './check-event.js';
import type { Line } from './ndjson.js';

/** What became of one line; of a dry run: what would become of it. */
export type LineOutcome =
  | {
      readonly stored: true;
      readonly line: number;
      readonly conflicts: readonly Conflict[];
      /** Only of a dry run: what no device would get. */
      readonly withheld: readonly Withheld[];
    }
  | {
      readonly stored: false;
      readonly line: number;
      readonly status: number;
      readonly code: string;
      readonly detail: string;
    };

interface Conflict {
  readonly claim: string;
  readonly holder: string;
}

interface Withheld {
  readonly what: string;
  readonly reason: string;
}

interface Pending extends Line {
  readonly event: unknown;
}

const mostEvents = 500;
const mostBytes = 1000 * 1000;
const mostAttempts = 8;
/** An engine that never answered is more likely not there than about to come back. */
const mostFirstAttempts = 3;
const firstPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Publishes lines in batches, in order. A batch that got no answer, or "later", is sent again with the same ids: the engine stores
 * each event once. An event that follows a refused one of its stream is not sent. One batch is on its way at a time, so that the
 * order stays; the next is made ready meanwhile.
 */
export class Publisher {
  answered = 0;
  /** How long the engine had it wait because the caller sent too much, ms. */
  limitedMs = 0;
  private sending: Promise<void> = Promise.resolve();
  private batch: Pending[] = [];
  private engineAnswered = false;
  private bytes = 2;
  private readonly refusedAt = new Map<string, number>();

  constructor(
    private readonly client: Pick<EngineClient, 'request'>,
    private readonly onOutcome: (outcome: LineOutcome) => void,
    private readonly pause: (ms: number) => Promise<unknown> = sleep,
    private readonly path = '/v1/events',
  ) {}

  /** Rejects with a CliError when the engine will not take any more. */
  async add(line: Line): Promise<void> {
    let event: unknown;
    try {
      event = JSON.parse(line.text);
    } catch (error) {
      return this.refuse(line, undefined, 400, 'malformed-json', (error as Error).message);
    }
    await this.addEvent(line, event);
  }

  /** As `add`, for whoever has the event already. */
  async addEvent(line: Line, event: unknown): Promise<void> {
    const size = Buffer.byteLength(line.text) + 1;
    if (this.batch.length >= mostEvents || this.bytes + size > mostBytes) await this.next();
    if (size + 2 > mostBytes) return this.refuse(line, event, 413, 'event-too-large', `The line has ${size} bytes.`);
    this.batch.push({ ...line, event });
    this.bytes += size;
  }

  /** Sends what is waiting, and resolves when all is answered. Rejects with a CliError as `add` does. */
  async flush(): Promise<void> {
    await this.next();
    await this.sending;
  }

  /** Resolves when nothing is on its way any more, however that ended. */
  async settled(): Promise<void> {
    await this.sending.catch(() => undefined);
  }

  /** Sends what is waiting as soon as the batch before is answered. */
  private async next(): Promise<void> {
    const { batch } = this;
    this.batch = [];
    this.bytes = 2;
    await this.sending;
    this.sending = this.sendBatch(batch);
    // Told to whoever waits for it next.
    this.sending.catch(() => undefined);
  }

  private async sendBatch(batch: readonly Pending[]): Promise<void> {
    const lines = batch.filter((line) => this.mayBeSent(line));
    if (lines.length === 0) return;
    const results = await this.send(`[${lines.map((line) => line.text).join(',')}]`);
    if (results.length !== lines.length) {
      throw new CliError(exitCode.error, `The engine answered ${results.length} results for ${lines.length} events.`);
    }
    lines.forEach((line, index) => this.take(line, results[index]));
  }

  private mayBeSent(line: Pending): boolean {
    const predecessor = streamsNamedBy(line.event)
      .map((stream) => this.refusedAt.get(stream))
      .find((one) => one !== undefined);
    if (predecessor === undefined) return true;
    this.refuse(line, line.event, 424, 'predecessor-refused', `Line ${predecessor}, of the same stream, was refused.`);
    return false;
  }

  private take(line: Pending, result: unknown): void {
    const { status, conflicts = [], withheld = [], problem } = result as BatchResult;
    if (status !== 201) {
      this.refuse(line, line.event, status, problem?.type?.split('/').at(-1) ?? 'refused', problem?.detail ?? '');
      return;
    }
    this.answered++;
    this.onOutcome({ stored: true, line: line.number, conflicts, withheld });
  }

  private refuse({ number }: Line, event: unknown, status: number, code: string, detail: string): void {
    this.answered++;
    for (const stream of streamsNamedBy(event)) if (!this.refusedAt.has(stream)) this.refusedAt.set(stream, number);
    this.onOutcome({ stored: false, line: number, status, code, detail });
  }

  private async send(body: string): Promise<unknown[]> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.client
        .request(this.path, { method: 'POST', contentType: 'application/cloudevents-batch+json', body })
        .catch(unreachable);
      if (!(answer instanceof CliError)) {
        this.engineAnswered = true;
        if (answer.status === 200) return (answer.body as { results: unknown[] }).results;
        if (![429, 503, 507].includes(answer.status)) throw problemOf(answer);
      }
      if (attempt >= (this.engineAnswered ? mostAttempts : mostFirstAttempts))
        throw answer instanceof CliError ? answer : problemOf(answer);
      const began = performance.now();
      await this.pause(pauseMs(attempt, answer));
      if (!(answer instanceof CliError) && answer.status === 429) this.limitedMs += performance.now() - began;
    }
  }
}

interface BatchResult {
  readonly status: number;
  readonly conflicts?: Conflict[];
  readonly withheld?: Withheld[];
  readonly problem?: Problem;
}

interface Problem {
  readonly type?: string;
  readonly detail?: string;
}

function unreachable(error: unknown): CliError {
  if (error instanceof CliError && error.exitCode === exitCode.unreachable) return error;
  throw error;
}

/** What the engine asks for, else twice as long each time. */
function pauseMs(attempt: number, answer: EngineAnswer | CliError): number {
  const asked =
    answer instanceof CliError ? Number.NaN : Number(answer.headers.get('retry-after') ?? Number.NaN) * 1000;
  const pause = Number.isNaN(asked) ? firstPauseMs * 2 ** (attempt - 1) : asked;
  return Math.min(longestPauseMs, pause);
}
