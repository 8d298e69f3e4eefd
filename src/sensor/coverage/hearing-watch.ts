import type { CaptureSource } from '../capture/capture-source.js';
import type { CaptureCounts, CaptureState } from '../capture/capture-handlers.js';

/** What a sensor says of itself at one look. */
export interface SensorHearing {
  readonly name: string;
  readonly source: Pick<CaptureSource, 'attribution'>;
  readonly capture: CaptureState | { readonly state: 'waiting' };
  /** Frames judged so far, and what waits to be judged: bytes, or frames. */
  readonly frames: number;
  readonly queue?: number;
  /** Of those, frames that were only counted because their port had used up its second. */
  readonly sampled?: number;
  /** Frames that were captured and never judged: the judge was too far behind, or ended. */
  readonly lost?: number;
  /** Those, and what the kernel dropped. */
  readonly dropped?: number;
  /** Capture time of the newest frame, ms since 1970. */
  readonly lastFrameTime?: number;
  /** The longest a frame waited from capture to judging lately, ms. */
  readonly behindMs: number;
  readonly counts?: CaptureCounts;
  /** Why nothing of what is captured is judged, where that is so: a worker that is dead, a child that does not answer. */
  readonly deaf?: Trouble;
}

/** What is wrong, and what a person can do about it. */
export interface Trouble {
  readonly reason: string;
  readonly cure: string;
}

/** A self-test as it ended. */
export interface SelfTestResult {
  /** When the claim was sent, ms since 1970. */
  readonly at: number;
  readonly passed: boolean;
}

export interface HearingLimits {
  /** A sensor that does not hear is told within this time, ms. */
  readonly silentMs: number;
  /** A frame judged so long after its capture means that the sensor lags, ms. */
  readonly lagMs: number;
}

/**
 * `starting`: has not heard yet, for less time than makes it silent. `link-down`: nothing can come in, so nothing is
 * missed. `stopped`: by our own will.
 */
export type HearingState = 'starting' | 'hearing' | 'lagging' | 'silent' | 'link-down' | 'stopped';

/** A change that is worth an event. */
export type HearingChange =
  | { readonly type: 'started' }
  | { readonly type: 'silent'; readonly trouble: Trouble }
  | { readonly type: 'lagging'; readonly behindMs: number; readonly dropped: number };

/** A capture that ended and runs again between two looks did not hear all the while. */
const restarted: Trouble = {
  reason: 'its capture ends again and again',
  cure: 'see why under "capture failed" in the log of the engine',
};
const notBegun: Trouble = {
  reason: 'it has not begun to listen',
  cure: 'see the projector in /readyz: a sensor begins when the map is live, and a remote one when portledger sensor watch runs on its box',
};
const stuck: Trouble = {
  reason: 'what it captures is not taken by the judge',
  cure: 'look at the load of this machine, and start the engine again',
};
const lagRepeatMs = 600_000;
const lagEndsMs = 60_000;

/** How often a sensor must be looked at, ms, so that silence is told in time. */
export function lookEveryMs({ silentMs }: HearingLimits): number {
  return Math.min(1_000, silentMs / 12);
}

/**
 * Decides from looks at one sensor when it starts to hear, falls silent, lags.
 *
 * Silent is a sensor that could not hear a frame if one came: its capture does not run, what is captured is not
 * judged, or a self-test was sent and not heard. A server that says nothing is normal, so no frames alone are no silence;
 * nor is a port whose link is down. Half of the time allowed is given to a capture that ends and starts again; one that
 * starts and ends in turns counts as not running until it has run for a while.
 */
export class HearingWatch {
  private notHearingSince: number | undefined;
  private hearingSince: number | undefined;
  private current: HearingState = 'starting';
  private currentTrouble: Trouble | undefined;
  private runs = 0;
  private frames = 0;
  private dropsTold = 0;
  private dropsSeen = 0;
  private laggedAt = Number.NEGATIVE_INFINITY;
  private lagToldAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly limits: HearingLimits) {}

  get state(): HearingState {
    return this.current;
  }

  /** Why it is silent, or does not hear yet. */
  get trouble(): Trouble | undefined {
    return this.currentTrouble;
  }

  /** `now`: ms of a clock that never runs back. */
  look(hearing: SensorHearing, now: number, selfTest?: SelfTestResult): HearingChange[] {
    const { counts, capture, frames, queue = 0 } = hearing;
    const isStuck = queue > 0 && frames === this.frames;
    this.frames = frames;
    const isNewRun = counts !== undefined && counts.runs !== this.runs;
    this.runs = counts?.runs ?? 0;
    if (capture.state === 'stopped') return this.rest('stopped');
    if (isLinkDown(hearing)) return this.rest('link-down');
    const again = isNewRun ? (this.currentTrouble ?? restarted) : isStuck ? stuck : undefined;
    const trouble = troubleOf(hearing, selfTest) ?? again;
    return trouble === undefined ? this.hears(hearing, now) : this.hearsNot(trouble, now, selfTest);
  }

  private rest(state: 'stopped' | 'link-down'): HearingChange[] {
    this.current = state;
    this.currentTrouble = undefined;
    this.notHearingSince = undefined;
    this.hearingSince = undefined;
    return [];
  }

  private hearsNot(trouble: Trouble, now: number, selfTest: SelfTestResult | undefined): HearingChange[] {
    this.hearingSince = undefined;
    this.notHearingSince ??= now;
    this.currentTrouble = trouble;
    if (this.current === 'silent') return [];
    const isProved = selfTest !== undefined && !selfTest.passed && trouble.reason === unheard(selfTest).reason;
    if (!isProved && now - this.notHearingSince < this.limits.silentMs / 2) return [];
    this.current = 'silent';
    return [{ type: 'silent', trouble }];
  }

  private hears(hearing: SensorHearing, now: number): HearingChange[] {
    this.hearingSince ??= now;
    const settleMs = Math.min(3_000, this.limits.silentMs / 12);
    const isNew = this.current !== 'hearing' && this.current !== 'lagging';
    if (this.notHearingSince !== undefined && now - this.hearingSince < settleMs) return [];
    this.notHearingSince = undefined;
    this.currentTrouble = undefined;
    if (isNew) this.current = 'hearing';
    return [...(isNew ? [{ type: 'started' } as const] : []), ...this.lags(hearing, now)];
  }

  private lags({ behindMs, counts, dropped }: SensorHearing, now: number): HearingChange[] {
    const drops = dropped ?? counts?.droppedByKernel ?? 0;
    const isLate = behindMs > this.limits.lagMs || drops > this.dropsSeen;
    this.dropsSeen = drops;
    if (isLate) this.laggedAt = now;
    const wasLagging = this.current === 'lagging';
    this.current = now - this.laggedAt < lagEndsMs ? 'lagging' : 'hearing';
    if (!isLate || (wasLagging && now - this.lagToldAt < lagRepeatMs)) return [];
    this.lagToldAt = now;
    const untold = drops - this.dropsTold;
    this.dropsTold = drops;
    return [{ type: 'lagging', behindMs: Math.round(behindMs), dropped: untold }];
  }
}

/** Only an interface that is the port itself says with its own link that nothing can come in. */
function isLinkDown({ source, capture }: SensorHearing): boolean {
  return source.attribution === 'interface' && capture.state === 'failed' && capture.linkDown === true;
}

function troubleOf(hearing: SensorHearing, selfTest: SelfTestResult | undefined): Trouble | undefined {
  const { capture, deaf, lastFrameTime } = hearing;
  if (capture.state === 'failed') return { reason: capture.reason, cure: capture.cure };
  if (capture.state === 'waiting') return notBegun;
  if (deaf !== undefined) return deaf;
  const isUnheard = selfTest !== undefined && !selfTest.passed && (lastFrameTime ?? 0) < selfTest.at;
  return isUnheard ? unheard(selfTest) : undefined;
}

function unheard({ at }: SelfTestResult): Trouble {
  return {
    reason: `the self-test sent at ${new Date(at).toISOString()} was not heard, nor anything since`,
    cure: 'see that its selftest interface still reaches the port, and that the capture is on the right interface',
  };
}
