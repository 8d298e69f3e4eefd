import { type Rule, rules as allRules } from '../../../projections/index.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { FrameJudge } from '../judge/frame-judge.js';
import { judgeLimits, type StoredVerdicts } from '../judge/judge-limits.js';
import type { Verdict } from '../judge/judge-verdict.js';
import type { CaptureFrame } from './capture-frames.js';
import type { MapThen } from './map-then.js';

/** First and last capture time, ms since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** What judging a capture gave. */
export interface Replayed {
  /** ARP and ND frames, and of those the ones that no host would believe. */
  readonly frames: number;
  readonly unbelievable: number;
  /** Absent where the capture holds no ARP or ND frame. */
  readonly span?: TimeSpan;
  readonly verdicts: readonly Verdict[];
  /** True when it was stopped before the last frame: the verdicts are then those of a part. */
  readonly isStopped: boolean;
}

export interface ReplayOptions {
  readonly inFlightWindowMs?: number;
  /** The rules to judge by; all of them where absent. */
  readonly rules?: readonly Rule[];
  readonly onFrame?: (frames: number) => void;
  readonly isStopped?: () => boolean;
}

/** A replay begins anew: nothing was seen or told before its first frame. */
const nothingStored: StoredVerdicts = { isViolation: () => false, lastSeen: () => undefined };

/**
 * Judges the frames of a capture as a sensor would have that heard them at `source`: the same judge with the same meter, the
 * same rules, and a finding that waits is settled by the map of the moment at which it was due.
 * Rejects with the CaptureError of a capture that cannot be read.
 */
export async function replay(
  frames: AsyncIterable<CaptureFrame> | Iterable<CaptureFrame>,
  source: CaptureSource,
  map: MapThen,
  { inFlightWindowMs = judgeLimits.inFlightWindowMs, rules = allRules, onFrame, isStopped }: ReplayOptions = {},
): Promise<Replayed> {
  const verdicts: Verdict[] = [];
  const judge = new FrameJudge({
    grants: map.grants,
    stored: nothingStored,
    limits: { inFlightWindowMs },
    rules,
    onVerdicts: (some) => void verdicts.push(...some),
  });
  const number = judge.addSource(source);
  let span: TimeSpan | undefined;
  const result = (stopped: boolean): Replayed => {
    const { frames: heard, unbelievable } = judge.countsOf(number);
    return { frames: heard, unbelievable, ...(span && { span }), verdicts, isStopped: stopped };
  };
  // What was due before a fact was recorded is settled without it, however many facts come before the next frame.
  const settle = (recordedAt: number): void => {
    if (span !== undefined && recordedAt > span.to) judge.flush(recordedAt - 1);
  };
  let count = 0;
  for await (const { fields, record } of frames) {
    if (isStopped?.() === true) return result(true);
    onFrame?.(++count);
    const time = record.seconds * 1000 + record.nanoseconds / 1e6;
    if (map.isBehind(time)) await map.advance(time, settle);
    span = { from: Math.min(span?.from ?? time, time), to: Math.max(span?.to ?? time, time) };
    judge.hear(number, fields, record);
  }
  if (span === undefined) return result(false);
  await map.advance(span.to + inFlightWindowMs, settle);
  judge.flush(Number.MAX_SAFE_INTEGER);
  return result(false);
}
