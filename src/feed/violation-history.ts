import { formatInstant } from '../../events/index.js';
import { endOf, type MuteRow, type Mutes, type TriageEntry, type ViolationRow } from '../../projections/index.js';

/** Something that was done about a violation, or became of it. */
export interface HistoryEntryView {
  readonly what: TriageEntry['what'] | 'muted' | 'mute-ended';
  /** RFC 3339. */
  readonly at: string;
  /** Of the event that says so; absent for mutes, which stand in streams of their own. */
  readonly ordinal?: number;
  /** Who did it; `expiry` where a mute ended by itself, absent where nobody did. */
  readonly by?: string;
  readonly assignee?: string;
  /** Words of a person, as they were written: escape them where they are shown. */
  readonly text?: string;
  /** The closed state it was reopened from. */
  readonly from?: string;
  readonly muteId?: string;
  /** For `muted`: until when. */
  readonly until?: string;
}

export const entryView = ({ at, ...entry }: TriageEntry): HistoryEntryView => ({ ...entry, at: formatInstant(at) });

/** What was done about a violation, and the mutes that lay over it, oldest first. `now` is ms since 1970. */
export function violationHistory(row: ViolationRow, mutes: Mutes, now: number): HistoryEntryView[] {
  const told = (row.history ?? []).map((entry) => ({ at: entry.at, view: entryView(entry) }));
  const muted = mutes.over(row).flatMap((mute) => [...muteEntries(mute, now)]);
  return [...told, ...muted].sort((a, b) => a.at - b.at).map(({ view }) => view);
}

function* muteEntries(mute: MuteRow, now: number): Generator<{ readonly at: number; readonly view: HistoryEntryView }> {
  const { muteId, reason: text, by, mutedAt, until, endedBy, endReason } = mute;
  const began = { muteId, text, by, until: formatInstant(until) };
  yield { at: mutedAt, view: { what: 'muted', at: formatInstant(mutedAt), ...began } };
  const end = endOf(mute);
  if (end > now && endedBy === undefined) return;
  const why = endReason === undefined ? {} : { text: endReason };
  yield { at: end, view: { what: 'mute-ended', at: formatInstant(end), muteId, by: endedBy ?? 'expiry', ...why } };
}
