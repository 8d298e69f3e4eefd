import { CliError, exitCode } from '../../cli/command.js';
import type { EngineClient } from '../../cli/engine-client.js';
import type { CaptureDirectory, CapturePlace, CaptureSource } from '../capture/capture-source.js';
import { capturePieces } from '../capture/capture-pieces.js';
import { refuseTruncated } from '../capture/decode-file.js';
import type { CaptureState, PieceSource } from '../capture/capture-handlers.js';
import { openSource } from '../capture/open-source.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import { GrantsFollower } from './grants-follower.js';
import type { GrantsBegin } from './grants-words.js';
import { RemoteJudge } from './remote-judge.js';
import { reportEveryMs, type SensorReport } from './sensor-report.js';
import type { Spool } from './spool.js';
import { VerdictSender } from './verdict-sender.js';

const flushEveryMs = 200;

export interface WatchOptions {
  /** A client with the token as its file is now. */
  readonly engine: () => EngineClient;
  readonly spool: Spool;
  readonly log: SensorLog;
  /** Says where to hear, given what the engine says of the sensor. Throws where they do not fit together. */
  readonly placeOf: (source: CaptureSource) => CapturePlace | CaptureDirectory;
  /** The path of a capture file to judge instead of hearing. */
  readonly file?: string;
  /** Told once when frames are judged for the first time. */
  readonly onWatching: (source: CaptureSource, ordinal: number) => void;
}

/**
 * A sensor in a process of its own: follows the grants, hears or reads frames, judges them and sends its verdicts. While the
 * engine is away it goes on by the grants it knows, and its verdicts wait in the spool.
 */
export class SensorWatch {
  private readonly follower: GrantsFollower;
  private readonly sender: VerdictSender;
  private readonly stopping = new AbortController();
  private judge: RemoteJudge | undefined;
  private begin: GrantsBegin | undefined;
  private reader: PieceSource | undefined;
  private capture: CaptureState = { state: 'stopped' };
  private timers: NodeJS.Timeout[] = [];
  private isStarted = false;
  private isReportFailing = false;
  private readonly ended: Promise<void>;
  private end: (error?: Error) => void = () => undefined;

  constructor(private readonly options: WatchOptions) {
    const { engine, spool, log } = options;
    this.ended = new Promise((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.sender = new VerdictSender(engine, spool, log, (verdict) => this.judge?.notStored(verdict));
    this.follower = new GrantsFollower(engine, {
      onBegin: (begin) => this.hasBegun(begin),
      onRecords: (records, recordedAt) => this.judge?.take(records, recordedAt),
      onLive: () => {
        log.info('grants are up to date', { ordinal: this.follower.ordinal });
        this.startOnce();
      },
      onAway: (why) => log.warn('engine away, judging by the grants as they were', { why }),
    });
  }

  /** What it sends as its state. */
  get state(): SensorReport {
    const { frames = 0, unbelievable = 0, behindMs = 0, lastFrameTime } = this.judge?.counts ?? {};
    return {
      capture: this.capture,
      frames,
      unbelievable,
      behindMs: Math.max(0, Math.round(behindMs)),
      dropped: this.reader?.counts?.droppedByKernel ?? 0,
      ...(lastFrameTime !== undefined && { lastFrameTime }),
      mapOrdinal: this.follower.ordinal,
      queued: this.options.spool.queued,
      refused: this.sender.refused,
      lost: this.options.spool.lost,
    };
  }

  /** Watches until it is told to stop, or the file is read and sent. Rejects with a CliError where the engine refuses it. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.end());
    if (signal.aborted) this.end();
    const following = this.follower.run(this.stopping.signal).catch((error: unknown) => this.end(error as Error));
    try {
      await this.ended;
    } finally {
      for (const timer of this.timers) clearInterval(timer);
      await this.reader?.stop();
      // What is in flight is told as it stands; it waits in the spool if it cannot be sent any more.
      this.judge?.flush(Number.MAX_SAFE_INTEGER);
      this.sender.wake();
      await this.sendRest();
      await this.report();
      this.stopping.abort();
      await this.sender.close();
      await following;
      this.options.spool.close();
    }
  }

  /** Of the log that is known, the judge goes on and learns what it missed; of another log, another judge begins. */
  private hasBegun(begin: GrantsBegin): void {
    const before = this.begin;
    this.begin = begin;
    if (this.judge !== undefined && before?.logId === begin.logId) return this.judge.learn(begin.known);
    const { spool, log } = this.options;
    this.judge?.flush(Number.MAX_SAFE_INTEGER);
    this.judge = new RemoteJudge(begin, begin.source, {
      spool,
      log,
      onSpooled: () => this.sender.wake(),
      onBroken: (why) => this.broken(why),
    });
    this.reader?.restart('the engine has another log');
  }

  private startOnce(): void {
    const { begin, judge } = this;
    if (begin === undefined || judge === undefined || this.isStarted) return;
    const { onWatching, placeOf, file } = this.options;
    try {
      const place = placeOf(begin.source);
      this.isStarted = true;
      onWatching(begin.source, this.follower.ordinal);
      if (file === undefined) this.hear(place);
      else void this.readFile(file, judge);
    } catch (error) {
      this.end(error as Error);
    }
  }

  private hear(place: CapturePlace | CaptureDirectory): void {
    this.reader = openSource(place, {
      onBegin: (capture) => this.judge?.begin(capture),
      onPiece: (piece) => this.judge?.hear(piece),
      onState: (state) => this.changed(state),
    });
    this.timers = [
      setInterval(() => this.judge?.flush(Date.now()), flushEveryMs),
      setInterval(() => void this.report(), reportEveryMs),
    ];
    this.reader.start();
  }

  private async readFile(file: string, judge: RemoteJudge): Promise<void> {
    try {
      this.capture = { state: 'running' };
      judge.begin(file);
      for await (const piece of capturePieces(file)) judge.hear(piece);
      const end = judge.end();
      if (end !== undefined) refuseTruncated(file, end);
      judge.flush(Number.MAX_SAFE_INTEGER);
      this.capture = { state: 'stopped' };
      while (this.options.spool.queued > 0 && !this.stopping.signal.aborted) await pause(20);
      this.end();
    } catch (error) {
      this.end(error as Error);
    }
  }

  private broken(why: string): void {
    if (this.reader === undefined) this.end(new CliError(exitCode.error, why));
    else this.reader.restart(why);
  }

  private changed(state: CaptureState): void {
    const before = this.capture;
    this.capture = state;
    const { log } = this.options;
    if (state.state === 'failed') {
      if (before.state === 'failed' && before.reason === state.reason) return;
      log.error('capture failed', { reason: state.reason, cure: state.cure });
    } else if (state.state !== before.state) log.info('capture changed', { state: state.state });
    void this.report();
  }

  /** At the end the engine gets a moment to take what waits. */
  private async sendRest(): Promise<void> {
    for (let left = 40; left > 0 && this.options.spool.queued > 0 && this.sender.problem === undefined; left--)
      await pause(50);
  }

  private async report(): Promise<void> {
    if (!this.isStarted) return;
    const { log, engine } = this.options;
    try {
      const request = { method: 'POST', contentType: 'application/json', body: JSON.stringify(this.state) } as const;
      const { status } = await engine().request('/v1/sensor/state', request);
      if (status >= 400) throw new Error(`the engine answered ${status}`);
      this.isReportFailing = false;
    } catch (error) {
      if (!this.isReportFailing)
        log.warn('state not reported', { why: error instanceof Error ? error.message : String(error) });
      this.isReportFailing = true;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
