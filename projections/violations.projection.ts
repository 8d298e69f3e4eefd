import { parseInstant, type ViolationDetected } from '../events/index.js';
import { type Projection, unreachable } from './projection.js';

/** A finding kept: what was claimed, by whom, and how often it was heard. */
export interface ViolationRow extends ViolationDetected {
  /** Frames heard so far. */
  readonly count: number;
  /** Capture times of the first and the last frame, ms since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Ordinal and position of the event that changed the row last. */
  readonly changedAt: number;
  readonly position: string;
}

export const violations: Projection<ViolationRow, 'ViolationDetected' | 'ViolationRepeated'> = {
  name: 'violations',
  handles: ['ViolationDetected', 'ViolationRepeated'],
  key: (event) => event.data.violationId,
  evolve(row, event) {
    const { ordinal: changedAt, position } = event;
    if (row !== undefined && changedAt <= row.changedAt) return row; // Handed over again: its frames are counted.
    switch (event.type) {
      case 'ViolationDetected': {
        if (row !== undefined) return row;
        const seen = parseInstant(event.data.frameTime) ?? event.time;
        // As one step: to go on writing behind a spread takes many times as long.
        return Object.assign({}, event.data, { count: 1, firstSeen: seen, lastSeen: seen, changedAt, position });
      }
      case 'ViolationRepeated': {
        if (row === undefined) return row;
        const lastSeen = Math.max(row.lastSeen, parseInstant(event.data.lastFrameTime) ?? event.time);
        return { ...row, count: row.count + event.data.count, lastSeen, changedAt, position };
      }
      default:
        return unreachable(event);
    }
  },
};
