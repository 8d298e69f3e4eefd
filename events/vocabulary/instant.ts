// RFC 3339 section 5.6. Its years have four digits, so an instant outside them has no spelling in UTC.
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-](\d{2}):(\d{2}))$/;

const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads an RFC 3339 instant as milliseconds since 1970-01-01T00:00:00Z; finer fractions are cut off.
 * A leap second is read as the last millisecond before it (RFC 3339 appendix D: only at the end of a month in UTC).
 * Refuses days that do not exist, which `Date.parse` would move to the next month, and years outside 0000 to 9999 in UTC.
 */
export function parseInstant(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  return parseStoredInstant(text) ?? parseAnySpelling(text);
}

/** The one spelling of the instant that a text names. */
export function spellInstant(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  if (parseStoredInstant(text) !== undefined) return text;
  const millis = parseAnySpelling(text);
  return millis === undefined ? undefined : formatInstant(millis);
}

/** The one spelling of stored events, read without a regular expression: a replay reads two of them an event. */
function parseStoredInstant(text: string): number | undefined {
  const shaped =
    text.length === 24 &&
    text.charCodeAt(4) === dash &&
    text.charCodeAt(7) === dash &&
    text.charCodeAt(10) === capitalT &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon &&
    text.charCodeAt(19) === dot &&
    text.charCodeAt(23) === capitalZ;
  if (!shaped) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const milli = twoDigits(text, 20) * 10 + digit(text, 22);
  // What is no digit made its number negative; a leap second goes the long way.
  if ((year | month | day | hour | minute | second | milli) < 0) return undefined;
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!inRange || hour > 23 || minute > 59 || second > 59) return undefined;
  return daysBefore(year, month, day) * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
}

const [dash, dot, colon, capitalT, capitalZ] = [0x2d, 0x2e, 0x3a, 0x54, 0x5a];

/** Far below zero for what is no digit, so that it shows in any number made of it. */
const noDigit = -1_000_000;

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 0x30;
  return value >= 0 && value <= 9 ? value : noDigit;
}

function parseAnySpelling(text: string): number | undefined {
  const parts = rfc3339.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const inRange = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  const offsetInRange = Number(parts[7] ?? 0) <= 23 && Number(parts[8] ?? 0) <= 59;
  if (!inRange || !offsetInRange || hour > 23 || minute > 59 || second > 60) return undefined;
  const spelling = text.toUpperCase();
  const millis = Date.parse(second === 60 ? spelling.replace(/:60(\.\d+)?/, ':59.999') : spelling);
  if (Number.isNaN(millis) || millis < earliest || millis > latest) return undefined;
  return second < 60 || endsMonth(millis) ? millis : undefined;
}

/** The one spelling of an instant in stored events: UTC with milliseconds. */
export function formatInstant(millis: number): string {
  return new Date(millis).toISOString();
}

function endsMonth(millis: number): boolean {
  const next = new Date(millis + 1);
  return next.getUTCDate() === 1 && next.getTime() % 86_400_000 === 0;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Days from 1970-01-01 to a day of the Gregorian calendar. Its years begin in March here, so that leap days come last, and
 * are counted from 400 earlier, a whole cycle of leap years, so that none is below zero.
 */
function daysBefore(year: number, month: number, day: number): number {
  const marchYear = (month > 2 ? year : year - 1) + 400;
  const leapDays = ((marchYear / 4) | 0) - ((marchYear / 100) | 0) + ((marchYear / 400) | 0);
  const sinceMarch = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0;
  return marchYear * 365 + leapDays + sinceMarch + day - 865_566;
}
