import type { CaptureCounts, CaptureState } from './capture/capture-handlers.js';
import type { CaptureSource } from './capture/capture-source.js';
import type { Trouble } from './coverage/hearing-watch.js';
import type { JudgeOrder, JudgeTold } from './judge/thread/judge-messages.js';
import type { SensorLog } from './judge/verdict-writer.js';
import type { Capture, OpenCapture } from './sensor.service.js';

export interface SensorState {
  readonly name: string;
  readonly source: CaptureSource;
  /** `waiting`: the map is not live yet, so nothing is heard. */
  readonly capture: CaptureState | { readonly state: 'waiting' };
  /** Frames heard and, of those, frames that no host would believe. */
  readonly frames: number;
  readonly unbelievable: number;
  // The next four are absent for a sensor on another machine.
  /** Frames that were counted and not judged, because the port had used up its second. */
  readonly sampled?: number;
  /** Bytes of captures, or frames that were read elsewhere, that wait for the judge. */
  readonly queue?: number;
  /** Frames given up because the judge was too far behind, and those that went down with a judge that ended. */
  readonly lost?: number;
  /** Those, and what the kernel dropped. */
  readonly dropped?: number;
  /** Capture time of the newest frame, ms since 1970; absent before the first. */
  readonly lastFrameTime?: number;
  /** The longest a frame waited from capture to judging lately, ms. */
  readonly behindMs: number;
  readonly counts?: CaptureCounts;
  /** Why nothing of what is captured is judged, where that is so: it makes the sensor a silent one. */
  readonly deaf?: Trouble;
}

/** Bytes that may wait for the judge before a capture is held back, and where it goes on. */
const [mostQueued, goOnAt] = [512 * 1024, 256 * 1024];
/** Frames that were read elsewhere and may wait: such a capture cannot be held back, so above it they are dropped. */
const mostFrames = 20_000;

/** One source being listened to: hands on what it hears, holds it back where the judge is behind, and counts. */
export class Listening {
  private readonly capture: Capture;
  private captureState: SensorState['capture'] = { state: 'waiting' };
  private queue = 0;
  private lost = 0;
  /** Frames that the judge, and those before it, have read in pieces. */
  private read = 0;
  /** The capture is given up, and what of it was not read is lost. */
  private isGivenUp = false;
  private isHeldBack = false;
  private started = false;

  constructor(
    private readonly source: CaptureSource,
    number: number,
    openCapture: OpenCapture,
    private readonly log: SensorLog,
    send: (order: JudgeOrder) => void,
  ) {
    this.capture = openCapture(source, {
      onBegin: (capture) => {
        if (this.isGivenUp) this.countUnread();
        send({ kind: 'begin', source: number, capture });
      },
      onPiece: (piece) => {
        this.queue += piece.length;
        send({ kind: 'piece', source: number, piece });
        if (this.queue > mostQueued) this.holdBack();
      },
      onFrame: (frame) => {
        if (this.queue >= mostFrames) {
          this.lost++;
          return;
        }
        this.queue++;
        send({ kind: 'frame', source: number, frame });
      },
      onState: (state) => this.changed(state),
    });
  }

  /** The judge is done with so much of what waited. */
  taken({ amount, frames }: { readonly amount: number; readonly frames: number }): void {
    this.read += frames;
    this.queue = Math.max(0, this.queue - amount);
    if (!this.isHeldBack || this.queue > goOnAt) return;
    this.isHeldBack = false;
    this.capture.resume?.();
  }

  /** The bytes make no sense to the judge: the capture begins anew. */
  broken(why: string): void {
    this.giveUp(why);
  }

  /** Another judge took over: what waited is gone, and it cannot read on in the middle of a capture. */
  judgeWasReplaced(why: string): void {
    const { queue: waiting } = this;
    if (waiting > 0) this.log.warn('what waited for the judge is lost', { sensor: this.source.name, waiting });
    this.taken({ amount: waiting, frames: 0 });
    // Frames read elsewhere are lost one by one; those in pieces are counted when their capture has ended.
    if (this.capture.restart === undefined) this.lost += waiting;
    this.giveUp(`the judge was started again: ${why}`);
  }

  stateWith(told: JudgeTold['sources'][number] | undefined, deaf: Trouble | undefined): SensorState {
    const { source, captureState: capture, queue, lost } = this;
    const { counts } = this.capture;
    const { frames = 0, unbelievable = 0, sampled = 0, behindMs = 0, lastFrameTime } = told ?? {};
    return {
      name: source.name,
      source,
      capture,
      frames,
      unbelievable,
      sampled,
      queue,
      lost,
      dropped: lost + (counts?.droppedByKernel ?? 0),
      ...(lastFrameTime !== undefined && { lastFrameTime }),
      behindMs,
      ...(counts !== undefined && { counts }),
      ...(deaf !== undefined && { deaf }),
    };
  }

  start(): void {
    this.started = true;
    this.capture.start();
  }

  async stop(): Promise<void> {
    if (this.started) await this.capture.stop();
  }

  private giveUp(why: string): void {
    this.isGivenUp = true;
    this.capture.restart?.(why);
  }

  /** Whatever was captured by now and was not read will not be any more. */
  private countUnread(): void {
    this.isGivenUp = false;
    const unread = (this.capture.counts?.captured ?? 0) - this.read - this.lost;
    if (unread > 0) this.lost += unread;
  }

  private holdBack(): void {
    if (this.isHeldBack) return;
    this.isHeldBack = true;
    this.capture.pause?.();
  }

  private changed(state: CaptureState): void {
    const before = this.captureState;
    this.captureState = state;
    if (state.state === 'failed') {
      // The same failure again and again is one line, not one for each retry.
      if (before.state === 'failed' && before.reason === state.reason) return;
      this.log.error('capture failed', { sensor: this.source.name, reason: state.reason, cure: state.cure });
    } else if (before.state !== state.state) {
      this.log.info('capture changed', { sensor: this.source.name, state: state.state });
    }
  }
}
