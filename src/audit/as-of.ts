import { formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';

/** A prefix of the log: all events up to an ordinal, or all that were recorded up to an instant (ms since 1970). */
export type KnownAt = { readonly ordinal: number } | { readonly recordedAt: number };

/** Which map is asked for; without either field, the one of the whole log. */
export interface AsOf {
  /** Valid time, ms since 1970: facts with `time` up to it, as known. */
  readonly at?: number;
  /** Recorded time: what the engine had been told by then. */
  readonly knownAt?: KnownAt;
}

/** A text understood, or what is wrong with it and how to write it. */
export type Read<Value> = { readonly value: Value } | { readonly problem: string };

const howToWriteTime = 'RFC 3339 with a zone, such as 2026-01-31T03:14:00Z or 2026-01-31T04:14:00+01:00';

/** Reads `at`: an instant with its zone, because a time without one means another moment to every reader. */
export function parseAt(text: string): Read<number> {
  const instant = parseInstant(text);
  if (instant !== undefined) return { value: instant };
  return { problem: `at: "${text}" is not an instant; ${cureOfTime(text)}` };
}

/** Reads `knownAt`: an instant as above, or `#ordinal`, the last event that counts. */
export function parseKnownAt(text: string): Read<KnownAt> {
  if (/^#\d{1,15}$/.test(text)) return { value: { ordinal: Number(text.slice(1)) } };
  const instant = parseInstant(text);
  if (instant !== undefined) return { value: { recordedAt: instant } };
  return { problem: `known-at: "${text}" is neither an instant nor an ordinal; ${cureOfTime(text)}, or write #41` };
}

/** The texts that `parseAt` and `parseKnownAt` read back as this. */
export function spellAsOf({ at, knownAt }: AsOf): { readonly at?: string; readonly knownAt?: string } {
  return {
    ...(at === undefined ? {} : { at: formatInstant(at) }),
    ...(knownAt === undefined ? {} : { knownAt: spellKnownAt(knownAt) }),
  };
}

/** True while the event belongs to the prefix; the first one that does not ends it. */
export function isKnown(event: StoredEvent, knownAt: KnownAt | undefined): boolean {
  if (knownAt === undefined) return true;
  if ('ordinal' in knownAt) return event.ordinal <= knownAt.ordinal;
  const recordedAt = parseInstant(event.metadata.recordedAt);
  return recordedAt === undefined || recordedAt <= knownAt.recordedAt;
}

function spellKnownAt(knownAt: KnownAt): string {
  return 'ordinal' in knownAt ? `#${knownAt.ordinal}` : formatInstant(knownAt.recordedAt);
}

function cureOfTime(text: string): string {
  const withZone = `${text}Z`;
  if (parseInstant(withZone) !== undefined) return `it names no zone: write ${withZone} for UTC`;
  return `write ${howToWriteTime}`;
}
