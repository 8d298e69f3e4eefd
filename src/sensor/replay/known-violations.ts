import {
  decodeEvent,
  type LedgerEvent,
  parseInstant,
  type StoredEvent,
  type ViolationDetected,
} from '../../../events/index.js';
import type { CaptureSource } from '../capture/capture-source.js';
import type { Verdict } from '../judge/judge-verdict.js';
import { sensorSource } from '../sensor-source.js';
import type { LogPages } from './log-pages.js';
import type { TimeSpan } from './replay.js';

/** A violation as it was heard during a span of time. */
export interface HeardViolation {
  readonly detected: ViolationDetected;
  /** Frames within the span; undefined where an event counts some of them together with frames outside of it. */
  readonly frames: number | undefined;
}

/** Violations by their id, which follows from their identity. */
export type HeardViolations = ReadonlyMap<string, HeardViolation>;

/** What verdicts tell. */
export function violationsOf(verdicts: readonly Verdict[]): HeardViolations {
  const found = new Map<string, { detected: ViolationDetected; frames: number }>();
  for (const { type, data } of verdicts) {
    if (type === 'ViolationDetected') found.set(data.violationId, { detected: data, frames: 1 });
    if (type !== 'ViolationRepeated') continue;
    const one = found.get(data.violationId);
    if (one !== undefined) one.frames += data.count;
  }
  return found;
}

/** Whose recorded violations are meant: those a sensor told, or, without a name, those of a port whoever told them. */
export type Recorder = { readonly sensor: string } | Pick<CaptureSource, 'port'>;

/** What the log has of violations that were heard within a span; the whole log is read, for verdicts may come late. */
export async function recordedViolations(log: LogPages, recorder: Recorder, span: TimeSpan): Promise<HeardViolations> {
  const detections = new Map<string, ViolationDetected>();
  const heard = new Map<string, { inside: number; isWhole: boolean }>();
  // What is stored has whole milliseconds.
  const from = Math.floor(span.from);
  for await (const page of log.pages()) {
    for (const stored of page) {
      const event = securityEventOf(stored);
      if (event === undefined) continue;
      const { violationId } = event.data;
      if (event.type === 'ViolationDetected') detections.set(violationId, event.data);
      const isMeant =
        'sensor' in recorder
          ? stored.metadata.source === sensorSource(recorder.sensor)
          : detections.get(violationId)?.port === recorder.port;
      const { count, first, last } = framesOf(event);
      if (!isMeant || first > span.to || last < from) continue;
      const one = heard.get(violationId) ?? { inside: 0, isWhole: true };
      one.inside += count;
      one.isWhole &&= first >= from && last <= span.to;
      heard.set(violationId, one);
    }
  }
  return new Map(
    [...heard].flatMap(([id, { inside, isWhole }]) => {
      const detected = detections.get(id);
      return detected === undefined ? [] : [[id, { detected, frames: isWhole ? inside : undefined }] as const];
    }),
  );
}

type SecurityEvent = Extract<LedgerEvent, { readonly type: 'ViolationDetected' | 'ViolationRepeated' }>;

function securityEventOf(stored: StoredEvent): SecurityEvent | undefined {
  if (stored.type !== 'ViolationDetected' && stored.type !== 'ViolationRepeated') return undefined;
  const decoded = decodeEvent(stored);
  if (!decoded.readable) return undefined;
  const { event } = decoded;
  return event.type === 'ViolationDetected' || event.type === 'ViolationRepeated' ? event : undefined;
}

/** How many frames an event tells of, and when the first and the last came, ms since 1970. */
function framesOf({ type, data, time }: SecurityEvent): { count: number; first: number; last: number } {
  if (type === 'ViolationRepeated') {
    const { count, firstFrameTime, lastFrameTime } = data;
    return { count, first: parseInstant(firstFrameTime) ?? time, last: parseInstant(lastFrameTime) ?? time };
  }
  const at = parseInstant(data.frameTime) ?? time;
  return { count: 1, first: at, last: at };
}
