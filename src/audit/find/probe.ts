import type { Ipv6Address } from '../../../events/index.js';
import type { ColumnName } from './names-of.js';

/** Why a name was found, the best first: it is what was asked, it contains that, begins so, lies in that, or a word of it begins so. */
export const matches = ['exact', 'around', 'beginning', 'inside', 'within'] as const;
export type Match = (typeof matches)[number];

/** One meaning of a text, as a look into one column of names. */
export interface Probe {
  readonly column: ColumnName;
  /** Everything that fits lies in one of these stretches of the column's order; both ends in lower case. */
  readonly stretches: readonly (readonly [low: string, high: string])[];
  /** True where also the inner words of names are looked at. */
  readonly isWithin?: boolean;
  /** How a key fits; undefined when it does not. */
  fit(key: string): Match | undefined;
}

export interface Reading {
  /** The text without space around it. */
  readonly text: string;
  /** What the text may be, in words for a person. */
  readonly says: readonly string[];
  readonly probes: readonly Probe[];
  /** The event with this ordinal, or this id. */
  readonly ordinal?: number;
  readonly eventId?: string;
  /** A whole IPv6 address, in its one spelling. */
  readonly ipv6?: Ipv6Address;
  /** The same text as subjects that the log is asked about, where it is a whole name. */
  readonly subjects: readonly string[];
}

/** What one way to read a text adds to its reading; undefined parts say nothing. */
export type Part = Partial<Reading>;

/** True when a key is not before the one end, and not after the other and all that begins so. */
export function isIn(key: string, [low, high]: readonly [string, string]): boolean {
  return key.slice(0, low.length) >= low && key.slice(0, high.length) <= high;
}
