import { parseInstant, type ViolationMuted } from '../events/index.js';
import { type Projection, unreachable } from './projection.js';

/** No mute lasts longer than this, whatever it says; ms. */
export const longestMuteMs = 30 * 24 * 3_600_000;

/** What a mute is about, as its event names it: see `muteScopeOf`. */
type Named = Pick<ViolationMuted, 'violationId' | 'rule' | 'port' | 'customerId'>;

/** Violations that somebody muted for a while, and why. */
export interface MuteRow extends Named {
  readonly muteId: string;
  readonly reason: string;
  readonly by: string;
  /** ms since 1970; it mutes from the one to the other, if nobody ends it. */
  readonly mutedAt: number;
  readonly until: number;
  /** When it ended, by whom (`expiry` where nobody ended it), and why. */
  readonly endedAt?: number;
  readonly endedBy?: string;
  readonly endReason?: string;
  /** Ordinal of the event that changed it last. */
  readonly changedAt: number;
}

/** A mute is set once and ended once; what else is said of it changes nothing. */
export const mutes: Projection<MuteRow, 'ViolationMuted' | 'ViolationMuteEnded'> = {
  name: 'mutes',
  handles: ['ViolationMuted', 'ViolationMuteEnded'],
  key: (event) => event.data.muteId,
  evolve(row, event) {
    const { time, ordinal: changedAt } = event;
    switch (event.type) {
      case 'ViolationMuted': {
        if (row !== undefined) return row;
        const { until, ...said } = event.data;
        const longest = time + longestMuteMs;
        return { ...said, mutedAt: time, until: Math.min(parseInstant(until) ?? longest, longest), changedAt };
      }
      case 'ViolationMuteEnded': {
        if (row === undefined || row.endedAt !== undefined) return row;
        const { by: endedBy, reason } = event.data;
        return {
          ...row,
          endedAt: time,
          endedBy,
          ...(reason !== undefined && { endReason: reason }),
          changedAt,
        };
      }
      default:
        return unreachable(event);
    }
  },
};
