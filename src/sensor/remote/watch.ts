import type { EngineClient } from '../../cli/engine-client.js';
import type { CaptureDirectory, CapturePlace, CaptureSource } from '../capture/capture-source.js';
import type { DecodedFrame } from '../capture/decoded-frame.js';
import { listenForFrames } from '../capture/frame-listener.js';
import type { CaptureState } from '../capture/capture-handlers.js';
import type { PieceSource } from '../capture/capture-handlers.js';
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
  /** A capture file to judge instead of hearing. */
  readonly file?: AsyncIterable<DecodedFrame>;
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
  private isReportFailing = false;
  private readonly ended: Promise<void>;
  private end: (error?: Error) => void = () => undefined;

  constructor(private readonly options: WatchOptions) {
    const { engine, spool, log } = options;
    this.ended = new Promise((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.sender = new VerdictSender(engine, spool, log, (verdict) => this.judge?.refused(verdict));
    this.follower = new GrantsFollower(engine, {
      onBegin: (begin) => {
        this.begin = begin;
        this.judge?.learn(begin.known);
      },
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

  private startOnce(): void {
    const { begin, judge: running } = this;
    if (begin === undefined || running !== undefined) return;
    const { log, spool, onWatching, placeOf, file } = this.options;
    const { source } = begin;
    try {
      const place = placeOf(source);
      const judge = new RemoteJudge(begin, source, () => this.grants(), spool, log);
      this.judge = judge;
      onWatching(source, this.follower.ordinal);
      if (file === undefined) this.hear(place, judge);
      else void this.readFile(file, judge);
    } catch (error) {
      this.end(error as Error);
    }
  }

  private hear(place: CapturePlace | CaptureDirectory, judge: RemoteJudge): void {
    const heard = (isNew: boolean): void => {
      if (isNew) this.sender.wake();
    };
    this.reader = listenForFrames(place, {
      onFrame: (frame) => heard(judge.hear(frame)),
      onState: (state) => this.changed(state),
    });
    this.timers = [
      setInterval(() => heard(judge.flush(Date.now())), flushEveryMs),
      setInterval(() => void this.report(), reportEveryMs),
    ];
    this.reader.start();
  }

  private async readFile(file: AsyncIterable<DecodedFrame>, judge: RemoteJudge): Promise<void> {
    try {
      this.capture = { state: 'running' };
      for await (const frame of file) {
        if (judge.hear(frame)) this.sender.wake();
      }
      if (judge.flush(Number.MAX_SAFE_INTEGER)) this.sender.wake();
      this.capture = { state: 'stopped' };
      while (this.options.spool.queued > 0 && !this.stopping.signal.aborted) await pause(20);
      this.end();
    } catch (error) {
      this.end(error as Error);
    }
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
    if (this.judge === undefined) return;
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

  private grants() {
    const { grants } = this.follower;
    if (grants === undefined)
      throw new Error('A frame was heard before the grants were there; captures start after them.');
    return grants;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
