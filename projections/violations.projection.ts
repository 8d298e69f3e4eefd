import { parseInstant, type ViolationDetected } from '../events/index.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';

/** What the log keeps for judging a violation again, and nobody asks of the map: it would be the larger part of a row. */
const forJudging = [
  'basis',
  'askedAddress',
  'tags',
  'trafficWindowMs',
  'trafficFrames',
  'askedAddresses',
  'claimedAddresses',
  'sources',
] as const;
const isForJudging: ReadonlySet<string> = new Set(forJudging);
type Shown = Omit<ViolationDetected, (typeof forJudging)[number]>;

/** A finding kept: what was claimed, by whom, and how often it was heard. */
export interface ViolationRow extends Shown {
  /** `exonerated`: a fact that was not known then says it was none; heard again after that, it is open again. */
  readonly state: 'open' | 'exonerated';
  /** The event that exonerated it last, and when, ms since 1970. */
  readonly exoneratedBy?: string;
  readonly exoneratedAt?: number;
  /** Digest of its kept frames, and how many they are. */
  readonly evidenceSha256?: string;
  readonly evidenceFrames?: number;
  /** Frames heard so far. */
  readonly count: number;
  /** Capture times of the first and the last frame, ms since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Ordinal and position of the event that changed the row last. */
  readonly changedAt: number;
  readonly position: string;
}

const handles = ['ViolationDetected', 'ViolationRepeated', 'ViolationExonerated', 'EvidenceKept'] as const;
type ViolationEvent = EventsOf<(typeof handles)[number]>;

export const violations: Projection<ViolationRow, (typeof handles)[number]> = {
  name: 'violations',
  handles,
  key: (event) => event.data.violationId,
  evolve(row, event) {
    if (row === undefined) return event.type === 'ViolationDetected' ? detected(event) : row;
    const { ordinal: changedAt, position } = event;
    if (changedAt <= row.changedAt) return row; // Handed over again: its frames are counted.
    switch (event.type) {
      case 'ViolationDetected':
        return row;
      case 'ViolationRepeated':
        return { ...repeated(row, event), changedAt, position };
      case 'ViolationExonerated':
        return {
          ...row,
          state: 'exonerated',
          exoneratedBy: event.data.eventId,
          exoneratedAt: event.time,
          changedAt,
          position,
        };
      case 'EvidenceKept': {
        const { sha256: evidenceSha256, frames: evidenceFrames } = event.data;
        return { ...row, evidenceSha256, evidenceFrames, changedAt, position };
      }
      default:
        return unreachable(event);
    }
  },
};

function detected({
  data,
  time,
  ordinal,
  position,
}: Extract<ViolationEvent, { type: 'ViolationDetected' }>): ViolationRow {
  const shown = Object.entries(data).filter(([name]) => !isForJudging.has(name));
  const seen = parseInstant(data.frameTime) ?? time;
  const count = { count: 1, firstSeen: seen, lastSeen: seen, changedAt: ordinal, position };
  // As one step: to go on writing behind a spread takes many times as long.
  return Object.assign(Object.fromEntries(shown) as unknown as Shown, { state: 'open', ...count } as const);
}

/** Only frames captured after an exoneration open a violation again: those before it may be counted later. */
function repeated(
  row: ViolationRow,
  { data, time }: Extract<ViolationEvent, { type: 'ViolationRepeated' }>,
): ViolationRow {
  const last = parseInstant(data.lastFrameTime) ?? time;
  const next = { ...row, count: row.count + data.count, lastSeen: Math.max(row.lastSeen, last) };
  if (row.exoneratedAt === undefined || last <= row.exoneratedAt) return next;
  return { ...next, state: 'open' };
}
