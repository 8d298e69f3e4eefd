import { formatInstant } from '../../events/index.js';
import { endOf, isMuting, type MuteRow, type MuteScope, muteScopeOf } from '../../projections/index.js';

export const muteStates = ['active', 'expired', 'ended'] as const;
/** `expired`: its time is over; `ended`: somebody ended it before. */
export type MuteState = (typeof muteStates)[number];

/** A mute as it is shown. Instants are RFC 3339. */
export interface MuteView {
  readonly muteId: string;
  readonly state: MuteState;
  readonly scope: MuteScope;
  readonly reason: string;
  readonly by: string;
  readonly mutedAt: string;
  /** 30 days after `mutedAt` at the latest. */
  readonly until: string;
  /** Once it is over: since when, who ended it (`expiry` where nobody did), and why. */
  readonly endedAt?: string;
  readonly endedBy?: string;
  readonly endReason?: string;
  /** It is active, and ends within a day. */
  readonly expiresSoon?: true;
}

const soonMs = 24 * 3_600_000;

/** As of `now`, ms since 1970; undefined for a mute that names no scope and so hides nothing. */
export function muteView(mute: MuteRow, now: number): MuteView | undefined {
  const scope = muteScopeOf(mute);
  if (scope === undefined) return undefined;
  const { muteId, reason, by, mutedAt, until, endedBy, endReason } = mute;
  const state = muteStateOf(mute, now);
  return {
    muteId,
    state,
    scope,
    reason,
    by,
    mutedAt: formatInstant(mutedAt),
    until: formatInstant(until),
    ...(state !== 'active' && { endedAt: formatInstant(endOf(mute)), endedBy: endedBy ?? 'expiry' }),
    ...(endReason !== undefined && { endReason }),
    ...(state === 'active' && until - now < soonMs && { expiresSoon: true }),
  };
}

/** Those that are active first, of them the one that ends first; then those that ended last. */
export function muteViews(mutes: Iterable<MuteRow>, now: number): MuteView[] {
  const end = (mute: MuteRow): number => (isMuting(mute, now) ? mute.until : Number.MAX_SAFE_INTEGER - endOf(mute));
  return [...mutes]
    .sort((a, b) => end(a) - end(b) || (a.muteId < b.muteId ? -1 : 1))
    .flatMap((mute) => muteView(mute, now) ?? []);
}

function muteStateOf(mute: MuteRow, now: number): MuteState {
  if (isMuting(mute, now)) return 'active';
  return mute.endedBy === undefined || mute.endedBy === 'expiry' ? 'expired' : 'ended';
}
