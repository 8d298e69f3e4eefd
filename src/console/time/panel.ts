import type { TimePlace } from './time-place.js';

/** What every panel is told: the moment that is looked at. */
export interface PanelProps {
  readonly place: TimePlace;
  /** Ordinal of the last event that counts. */
  readonly at: number;
}

/** The question about the map at the moment, on both axes. */
export function questionOf({ valid }: TimePlace, at: number, more: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ knownAt: `#${at}`, ...(valid !== undefined && { at: valid }), ...more });
  return `/v1/audit/at?${query.toString()}`;
}
