import type { Ipv6Prefix } from '../../events/index.js';
import type { NetbootPrefixes } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { CaptureCounts, PieceHandlers, PieceSource } from './capture/capture-handlers.js';
import type { CaptureSource } from './capture/capture-source.js';
import type { DecodedFrame } from './capture/decoded-frame.js';
import { openSource } from './capture/open-source.js';
import { ExceptionBook, type ExceptionHits } from './exceptions/exception-hits.js';
import type { KeptFrame } from './evidence/kept-frame.js';
import type { FrameLimits } from './judge/frame-judge.js';
import type { Verdict } from './judge/judge-verdict.js';
import { mapIsAbreast } from './judge/map-abreast.js';
import { PrefixBook } from './judge/prefix-book.js';
import type { JudgeReport, JudgeTold } from './judge/thread/judge-messages.js';
import type { OpenJudge } from './judge/thread/judge-link.js';
import { judgeInThread } from './judge/thread/judge-thread.js';
import { JudgeKeeper } from './judge/thread/judge-keeper.js';
import type { ObservationSource } from './observation-source.js';
import { type SensorLog, VerdictWriter, type VerdictWriterOptions } from './judge/verdict-writer.js';
import { Listening, type SensorState } from './listening.js';

export type { SensorState } from './listening.js';

/** Something that hears frames on one source; of a PieceSource as much as it can do. */
export type Capture = Pick<PieceSource, 'start' | 'stop'> &
  Partial<PieceSource> & { readonly counts?: CaptureCounts | undefined };

/** What a capture tells: pieces of captures as they come, or frames that it has read itself. */
export type CaptureHandlers = Required<PieceHandlers> & { readonly onFrame: (frame: DecodedFrame) => void };

export type OpenCapture = (source: CaptureSource, handlers: CaptureHandlers) => Capture;

export interface SensorOptions {
  readonly sources: readonly CaptureSource[];
  readonly store: EventStore;
  readonly liveMap: LiveMap;
  readonly log: SensorLog;
  /** What machines without a sold IPv4 address are started from; default nothing. */
  readonly netboot?: NetbootPrefixes;
  readonly limits?: Partial<FrameLimits>;
  readonly writer?: Pick<VerdictWriterOptions, 'batchMs' | 'queueLimit' | 'firstRetryMs'>;
  /** Default: a tcpdump child for each interface, a follower for each directory. */
  readonly openCapture?: OpenCapture;
  /** Default: a judge in a thread of its own. */
  readonly openJudge?: OpenJudge;
  /** What tells of claims without hearing frames: tables, messages. */
  readonly others?: readonly ObservationSource[];
  /** Told of each of the first frames of a violation, to keep them as evidence. */
  readonly onFrameKept?: (frame: KeptFrame) => void;
  /** Asked of each verdict before it is stored; true takes it away: it was a self-test. */
  readonly takeAside?: (verdict: Verdict) => boolean;
}

export interface SensorStates {
  readonly sensors: readonly SensorState[];
  readonly others: readonly Pick<ObservationSource, 'name' | 'state'>[];
  readonly verdicts: VerdictWriter['state'];
  readonly judge: JudgeTold['judge'] & {
    /** How often the judge's thread ended by itself and was started again. */
    readonly restarts: number;
  };
  /** What each exception excused since the engine started; `since` in ms since 1970. */
  readonly exceptions: { readonly since: number; readonly hits: ExceptionHits };
  /** The busiest prefixes among the frames that are not normal. */
  readonly scorecard: JudgeTold['scorecard'];
}

const flushEveryMs = 200;
const tcpdump: OpenCapture = (source, handlers) => openSource(source, handlers);

/**
 * Hears the server ports, has what they claim judged against the live map in a thread of its own, and stores the verdicts.
 * Captures start when the judge knows the map: before that everybody would look like a stranger.
 */
export class SensorService {
  private readonly keeper: JudgeKeeper;
  private readonly writer: VerdictWriter;
  private readonly heard: Listening[];
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private told: JudgeTold | undefined;
  private readonly exceptions = new ExceptionBook(Date.now());
  /** How often the prefixes that are watched were heard. */
  readonly prefixUse = new PrefixBook();

  constructor(private readonly options: SensorOptions) {
    const { liveMap, store, log, limits = {}, sources, openCapture = tcpdump } = options;
    this.keeper = new JudgeKeeper({
      openJudge: options.openJudge ?? judgeInThread,
      liveMap,
      log,
      start: { limits, sources, holdsVerdicts: true },
      ...(options.netboot === undefined ? {} : { netboot: options.netboot }),
      onReady: () => {
        this.keeper.learn({ kind: 'watched', prefixes: this.prefixUse.prefixes });
        this.listen();
      },
      onReport: (report) => this.hearJudge(report),
      onRestart: (why) => {
        this.exceptions.judgeWasReplaced();
        this.prefixUse.judgeWasReplaced();
        this.heard.forEach((one) => one.judgeWasReplaced(why));
      },
    });
    this.writer = new VerdictWriter({
      store,
      log,
      ...options.writer,
      onGivenUp: ({ type, data }) => {
        if (type === 'ViolationDetected') this.keeper.learn({ kind: 'forget', violationId: data.violationId });
      },
    });
    this.heard = sources.map(
      (source, number) => new Listening(source, number, openCapture, log, (order) => this.keeper.send(order)),
    );
  }

  start(): void {
    this.keeper.open();
  }

  /** From now on the use of these prefixes is counted, and of no others. */
  watchPrefixes(prefixes: readonly Ipv6Prefix[]): void {
    this.prefixUse.watch(prefixes);
    this.keeper.learn({ kind: 'watched', prefixes });
  }

  states(): SensorStates {
    const { told, keeper } = this;
    const judge = told?.judge ?? { open: 0, inFlight: 0, suppressedSightings: 0, grouped: 0, exceptions: 0 };
    return {
      sensors: this.heard.map((one, number) => one.stateWith(told?.sources[number], keeper.trouble)),
      others: this.others.map(({ name, state }) => ({ name, state })),
      verdicts: this.writer.state,
      judge: { ...judge, restarts: keeper.restarts },
      exceptions: { since: this.exceptions.since, hits: this.exceptions.counts() },
      scorecard: told?.scorecard ?? { 48: [], 64: [] },
    };
  }

  /** Stops the captures, then stores the verdicts that are ready. Findings still in flight are judged as they stand. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all([...this.heard, ...this.others].map((one) => one.stop()));
    await this.abreast();
    await this.keeper.close();
    await this.writer.close();
  }

  private listen(): void {
    if (this.closed || this.timer !== undefined) return;
    this.timer = setInterval(() => this.keeper.send({ kind: 'flush', now: Date.now() }), flushEveryMs);
    for (const one of this.heard) one.start();
    for (const one of this.others) one.start((observation) => this.keeper.send({ kind: 'observation', observation }));
  }

  private hearJudge(report: JudgeReport): void {
    switch (report.kind) {
      case 'verdicts':
        return this.store(report.verdicts);
      case 'held':
        return void this.abreast().then(() => this.keeper.learn({ kind: 'learnt-all' }));
      case 'kept':
        return this.options.onFrameKept?.(report.frame);
      case 'taken':
        return this.heard[report.source]?.taken(report);
      case 'broken':
        return this.heard[report.source]?.broken(report.why);
      case 'counts':
        this.told = report;
        this.exceptions.take(report.exceptions);
        this.prefixUse.take(report.prefixUse);
        return;
      case 'ready':
      case 'closed':
        return; // Met by the keeper.
    }
  }

  private abreast(): Promise<void> {
    return mapIsAbreast(this.options.store, this.options.liveMap);
  }

  private get others(): readonly ObservationSource[] {
    return this.options.others ?? [];
  }

  private store(verdicts: readonly Verdict[]): void {
    const { takeAside = () => false } = this.options;
    this.writer.push(
      verdicts.filter((verdict) => {
        if (!takeAside(verdict)) return true;
        if (verdict.type === 'ViolationDetected')
          this.keeper.learn({ kind: 'forget', violationId: verdict.data.violationId });
        return false;
      }),
    );
  }
}
