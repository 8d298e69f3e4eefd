import type { TriageState } from './triage.js';

/** Something that was done about a violation, or became of it. */
export interface TriageEntry {
  readonly what:
    | 'acknowledged'
    | 'resolved'
    | 'false-positive'
    | 'commented'
    | 'ticket'
    | 'quiet'
    | 'containment'
    | 'containment-refused'
    | 'exonerated'
    | 'reopened';
  /** ms since 1970, and the ordinal of the event that says so. */
  readonly at: number;
  readonly ordinal: number;
  /** Who did it; absent where no person did. */
  readonly by?: string;
  readonly assignee?: string;
  /** What was said: a comment, a reason, the address of a ticket. Of a person, so escape it where it is shown. */
  readonly text?: string;
  /** The closed state it was reopened from. */
  readonly from?: TriageState;
}

/** So many entries are kept with a violation; the log has all of them. */
export const longestHistory = 200;

/** The history with one entry more, the oldest gone where there are too many. Of silences in a row the last one is told. */
export function withEntry(history: readonly TriageEntry[], entry: TriageEntry): readonly TriageEntry[] {
  const told = entry.what === 'quiet' && history.at(-1)?.what === 'quiet' ? history.slice(0, -1) : history;
  return [...told.slice(-(longestHistory - 1)), entry];
}
