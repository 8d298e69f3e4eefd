import { formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';

/** A stored event, named as an audit names it. Times are RFC 3339 in UTC. */
export interface FactRef {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly ordinal: number;
  /** Who told it: its CloudEvents `source`. Absent in an answer that was sealed before answers named it. */
  readonly source?: string;
  /** When it became true, as its publisher says. */
  readonly time: string;
  /** When the engine stored it. */
  readonly recordedAt: string;
  /** It was told more than five minutes after it had become true. */
  readonly backDated: boolean;
  /** It puts an earlier record right. */
  readonly correction: boolean;
}

/** As much as a publisher's clock may be ahead (design of the intake), so it is no sign of lateness either. */
const backDatedAfterMs = 5 * 60_000;

export function factOf({ id, stream, type, ordinal, metadata }: StoredEvent): FactRef {
  const time = parseInstant(metadata.time);
  const recordedAt = parseInstant(metadata.recordedAt);
  return {
    id,
    stream,
    type,
    ordinal,
    source: metadata.source,
    time: time === undefined ? metadata.time : formatInstant(time),
    recordedAt: recordedAt === undefined ? metadata.recordedAt : formatInstant(recordedAt),
    backDated: time !== undefined && recordedAt !== undefined && recordedAt - time > backDatedAfterMs,
    correction: type === 'ServerRecordCorrected',
  };
}
