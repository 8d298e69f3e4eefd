import type { Subscription } from 'rxjs';
import { type Grants, mapGrants, type Observation } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { CaptureSource } from './capture/capture-source.js';
import { captureMillis } from './capture/captured-frame.js';
import { observe } from './capture/claims.js';
import type { DecodedFrame } from './capture/decoded-frame.js';
import { Delays } from './coverage/delays.js';
import type { Trouble } from './coverage/hearing-watch.js';
import type { KeptFrame } from './evidence/kept-frame.js';
import { Judge, type JudgeLimits } from './judge/judge.js';
import type { ObservationSource } from './observation-source.js';
import { storedVerdicts } from './judge/stored-verdicts.js';
import { listenForFrames } from './capture/frame-listener.js';
import type { CaptureCounts, CaptureState } from './capture/capture-handlers.js';
import type { Verdict } from './judge/judge-verdict.js';
import type { PrefixScores } from './scorecard/scoreboard.js';
import { type SensorLog, VerdictWriter, type VerdictWriterOptions } from './judge/verdict-writer.js';

/** Something that hears frames on one source. */
export interface Capture {
  start(): void;
  stop(): Promise<void>;
  /** What the kernel counted; absent where nobody counts. */
  readonly counts?: CaptureCounts;
}

export type OpenCapture = (
  source: CaptureSource,
  handlers: {
    readonly onFrame: (frame: DecodedFrame) => void;
    readonly onState: (state: CaptureState) => void;
  },
) => Capture;

export interface SensorOptions {
  readonly sources: readonly CaptureSource[];
  readonly store: EventStore;
  readonly liveMap: LiveMap;
  readonly log: SensorLog;
  readonly limits?: Partial<JudgeLimits>;
  readonly writer?: Pick<VerdictWriterOptions, 'batchMs' | 'queueLimit' | 'firstRetryMs'>;
  /** Default: a tcpdump child for each source. */
  readonly openCapture?: OpenCapture;
  /** What tells of claims without hearing frames: tables, messages. */
  readonly others?: readonly ObservationSource[];
  /** Told of each of the first frames of a violation, to keep them as evidence. */
  readonly onFrameKept?: (frame: KeptFrame) => void;
  /** Asked of each verdict before it is stored; true takes it away: it was a self-test. */
  readonly takeAside?: (verdict: Verdict) => boolean;
}

export interface SensorState {
  readonly name: string;
  readonly source: CaptureSource;
  /** `waiting`: the map is not live yet, so nothing is heard. */
  readonly capture: CaptureState | { readonly state: 'waiting' };
  /** Frames heard and, of those, frames that no host would believe. */
  readonly frames: number;
  readonly unbelievable: number;
  /** Capture time of the newest frame, ms since 1970; absent before the first. */
  readonly lastFrameTime?: number;
  /** The longest a frame waited from capture to judging lately, ms. */
  readonly behindMs: number;
  readonly counts?: CaptureCounts;
  /** Why nothing of what is captured is judged, where that is so: it makes the sensor a silent one. */
  readonly deaf?: Trouble;
}

export interface SensorStates {
  readonly sensors: readonly SensorState[];
  readonly others: readonly Pick<ObservationSource, 'name' | 'state'>[];
  readonly verdicts: VerdictWriter['state'];
  readonly judge: Judge['counts'];
  /** The busiest prefixes among the frames that are not normal. */
  readonly scorecard: PrefixScores;
}

const flushEveryMs = 200;
const tcpdump: OpenCapture = (source, handlers) => listenForFrames(source, handlers);

/**
 * Hears the server ports, judges what they claim against the live map and stores the verdicts.
 * Captures start when the map is live: before that everybody would look like a stranger.
 */
export class SensorService {
  private readonly judge: Judge;
  private readonly writer: VerdictWriter;
  private readonly heard: Listening[];
  private waiting: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private look: Grants | undefined;

  constructor(private readonly options: SensorOptions) {
    const { liveMap, store, log, limits, openCapture = tcpdump } = options;
    this.judge = new Judge(storedVerdicts(liveMap.map), limits);
    this.writer = new VerdictWriter({
      store,
      log,
      ...options.writer,
      onGivenUp: ({ type, data }) => {
        if (type === 'ViolationDetected') this.judge.forget(data.violationId);
      },
    });
    this.heard = options.sources.map(
      (source) => new Listening(source, openCapture, log, (frame) => this.hear(frame, source)),
    );
  }

  start(): void {
    if (this.options.liveMap.live) return this.listen();
    this.waiting = this.options.liveMap.changes$.subscribe(() => this.listen());
  }

  states(): SensorStates {
    return {
      sensors: this.heard.map((one) => one.state),
      others: this.others.map(({ name, state }) => ({ name, state })),
      verdicts: this.writer.state,
      judge: this.judge.counts,
      scorecard: { 48: [], 64: [] },
    };
  }

  /** Stops the captures, then stores the verdicts that are ready. Findings still in flight are judged as they stand. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting?.unsubscribe();
    clearInterval(this.timer);
    await Promise.all([...this.heard, ...this.others].map((one) => one.stop()));
    if (this.options.liveMap.live) this.store(this.judge.flush(Number.MAX_SAFE_INTEGER, this.grants()));
    await this.writer.close();
  }

  private listen(): void {
    this.waiting?.unsubscribe();
    if (this.closed || this.timer !== undefined) return;
    this.timer = setInterval(() => this.store(this.judge.flush(Date.now(), this.grants())), flushEveryMs);
    for (const one of this.heard) one.start();
    for (const one of this.others) one.start((observation) => this.judged(observation));
  }

  private hear(frame: DecodedFrame, source: CaptureSource): boolean {
    const observation = observe(frame, source);
    if (observation === undefined) return false;
    this.judged(observation);
    return true;
  }

  private judged(observation: Observation): void {
    const verdicts = this.judge.observe(observation, this.grants());
    if (verdicts.length > 0) this.store(verdicts);
  }

  private get others(): readonly ObservationSource[] {
    return this.options.others ?? [];
  }

  private store(verdicts: readonly Verdict[]): void {
    const { takeAside = () => false } = this.options;
    this.writer.push(
      verdicts.filter((verdict) => {
        if (!takeAside(verdict)) return true;
        if (verdict.type === 'ViolationDetected') this.judge.forget(verdict.data.violationId);
        return false;
      }),
    );
  }

  /** The same look at the map for as long as the map stays the same. */
  private grants(): Grants {
    const { map, ordinal } = this.options.liveMap;
    if (this.look?.ordinal !== ordinal) this.look = mapGrants(map, ordinal);
    return this.look;
  }
}

/** One source being listened to. */
class Listening {
  private readonly capture: Capture;
  private captureState: SensorState['capture'] = { state: 'waiting' };
  private frames = 0;
  private unbelievable = 0;
  private lastFrameTime: number | undefined;
  private readonly delays = new Delays();
  private started = false;

  constructor(
    private readonly source: CaptureSource,
    openCapture: OpenCapture,
    log: SensorLog,
    hear: (frame: DecodedFrame) => boolean,
  ) {
    this.capture = openCapture(source, {
      onFrame: (frame) => {
        this.frames++;
        if (!hear(frame)) this.unbelievable++;
        this.lastFrameTime = captureMillis(frame.time);
        this.delays.note(Date.now() - this.lastFrameTime, Date.now());
      },
      onState: (state) => {
        const before = this.captureState;
        this.captureState = state;
        if (state.state === 'failed') {
          // The same failure again and again is one line, not one for each retry.
          if (before.state === 'failed' && before.reason === state.reason) return;
          log.error('capture failed', { sensor: source.name, reason: state.reason, cure: state.cure });
        } else if (before.state !== state.state) {
          log.info('capture changed', { sensor: source.name, state: state.state });
        }
      },
    });
  }

  get state(): SensorState {
    const { source, captureState: capture, frames, unbelievable, lastFrameTime } = this;
    const { counts } = this.capture;
    return {
      name: source.name,
      source,
      capture,
      frames,
      unbelievable,
      ...(lastFrameTime !== undefined && { lastFrameTime }),
      behindMs: this.delays.worst(Date.now()),
      ...(counts !== undefined && { counts }),
    };
  }

  start(): void {
    this.started = true;
    this.capture.start();
  }

  async stop(): Promise<void> {
    if (this.started) await this.capture.stop();
  }
}
