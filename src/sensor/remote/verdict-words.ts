import type { Verdict } from '../judge/judge-verdict.js';
import { urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';
import { sensorSource } from '../sensor-source.js';

/** The verdicts a remote sensor may send. */
export const verdictTypes = ['ViolationDetected', 'ViolationRepeated', 'MacSeen'] as const;
export type VerdictType = (typeof verdictTypes)[number];

/** Most verdicts in one request. */
export const mostVerdicts = 500;

/** A verdict as a remote sensor sends it, and keeps it until the engine has it. */
export interface SentVerdict {
  /** Made of what the verdict is about: the same verdict has the same id, whoever makes it and however often. */
  readonly sourceId: string;
  readonly type: VerdictType;
  readonly schemaVersion: number;
  /** Capture time of the frame that decided, RFC 3339. */
  readonly time: string;
  readonly data: object;
}

/**
 * What became of one verdict; `repeat`: a violation that is stored already was heard again, and is stored as that;
 * `withheld`: judged again, it was none, by the fact `eventId`, and is stored nowhere; `restated`: judged again, it was
 * another violation, and that is stored.
 */
export interface VerdictResult {
  readonly sourceId: string | undefined;
  readonly outcome: 'stored' | 'duplicate' | 'repeat' | 'restated' | 'withheld' | 'refused';
  /** Why it was refused, or withheld; it will be again. */
  readonly reason?: string;
  readonly eventId?: string;
}

const verdictNamespace = '3c5e6b2e-8f3e-5b0a-9a51-6d0c0b7c2f41';

/** The id of a verdict within its sensor. */
export function sourceIdOf({ type, data, time }: Verdict): string {
  const about =
    type === 'ViolationDetected'
      ? [data.violationId, data.frameTime]
      : type === 'ViolationRepeated'
        ? [data.violationId, data.firstFrameTime, data.lastFrameTime, data.count]
        : [data.port, data.vlan, data.mac, time];
  return uuidV5(verdictNamespace, JSON.stringify([type, ...about]));
}

/** The id under which a verdict of a sensor is stored. */
export const eventIdOf = (sensor: string, sourceId: string): string =>
  uuidV5(uuidV5(urlNamespace, sensorSource(sensor)), sourceId);
