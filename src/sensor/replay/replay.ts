import { type Rule, rules as allRules } from '../../../projections/index.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { observe } from '../capture/claims.js';
import type { DecodedFrame } from '../capture/decoded-frame.js';
import { Judge, judgeLimits, type StoredVerdicts } from '../judge/judge.js';
import type { Verdict } from '../judge/judge-verdict.js';
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
 * Judges the frames of a capture as a sensor would have that heard them at `source`: the same judge, the same rules, and a
 * finding that waits is settled by the map of the moment at which it was due.
 * Rejects with the CaptureError of a capture that cannot be read.
 */
export async function replay(
  frames: AsyncIterable<DecodedFrame> | Iterable<DecodedFrame>,
  source: CaptureSource,
  map: MapThen,
  { inFlightWindowMs = judgeLimits.inFlightWindowMs, rules = allRules, onFrame, isStopped }: ReplayOptions = {},
): Promise<Replayed> {
  const judge = new Judge(nothingStored, { inFlightWindowMs }, rules);
  const verdicts: Verdict[] = [];
  const take = (some: readonly Verdict[]): void => void verdicts.push(...some);
  // What was due before a fact was recorded is settled without it.
  const settle = (recordedAt: number): void => take(judge.flush(recordedAt - 1, map.grants));
  let span: TimeSpan | undefined;
  const count = { frames: 0, unbelievable: 0 };
  for await (const frame of frames) {
    if (isStopped?.() === true) return { ...count, ...(span && { span }), verdicts, isStopped: true };
    onFrame?.(++count.frames);
    const observation = observe(frame, source);
    if (observation === undefined) {
      count.unbelievable++;
      continue;
    }
    const { frameTime } = observation;
    if (map.isBehind(frameTime)) await map.advance(frameTime, span === undefined ? () => undefined : settle);
    span = { from: Math.min(span?.from ?? frameTime, frameTime), to: Math.max(span?.to ?? frameTime, frameTime) };
    take(judge.observe(observation, map.grants));
  }
  if (span === undefined) return { ...count, verdicts, isStopped: false };
  await map.advance(span.to + inFlightWindowMs, settle);
  take(judge.flush(Number.MAX_SAFE_INTEGER, map.grants));
  return { ...count, span, verdicts, isStopped: false };
}
