import { didYouMean } from '../config/nearest.js';
import { type Clock, dayMs, fixedClock, instantsOf, spellLocal, wallTime } from './clock.js';

/** The moment that words name, ms since 1970, or why they name none and what to write. */
export type Told = { readonly instant: number } | { readonly problem: string };

/** What is understood, for a help and for who wrote something else. */
export const momentExamples = "'tuesday 03:14', 'yesterday 14:00', '2 days ago', '3h ago', '2026-11-24 03:14', 03:14";

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const unitMs = { second: 1000, minute: 60_000, hour: 3_600_000, day: dayMs, week: 7 * dayMs } as const;
const shortUnits = { s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs } as const;
const units: ReadonlyMap<string, number> = new Map([
  ...Object.entries(shortUnits),
  ...Object.entries(unitMs).flatMap(([name, ms]): [string, number][] => [
    [name, ms],
    [`${name}s`, ms],
  ]),
]);
const vocabulary = [...weekdays, 'yesterday', 'today', 'now', 'last', 'ago', 'utc', ...units.keys()];

/**
 * Reads a moment as people say it, by the clock of whoever says it. A weekday, or a time alone, is the latest one that is
 * over; `last tuesday` is never today. A day counts 24 hours in `2 days ago`. Words never name a moment after now.
 * A time that the clock skipped, or showed twice, is refused with the instants it may mean.
 */
export function readWords(given: string, clock: Clock): Told {
  const text = given.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text === 'now') return { instant: clock.now };
  return readAgo(text, clock) ?? readTimeOfDay(given, text, clock) ?? { problem: strange(given, text) };
}

function readAgo(text: string, { now }: Clock): Told | undefined {
  const [, count = '', unit = ''] = /^(\d{1,5}|an?) ?([a-z]+) ago$/.exec(text) ?? [];
  const size = units.get(unit);
  return size === undefined ? undefined : { instant: now - (/\d/.test(count) ? Number(count) : 1) * size };
}

const dayForm = '(?:(?<last>last )?(?<name>(?!at )[a-z]+)|(?<date>\\d{4}-\\d\\d-\\d\\d)),?';
const timeForm = '(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d))?(?: ?(?<half>am|pm))?';
const zoneForm = '(?: ?(?<zone>z|utc|[+-]\\d\\d:\\d\\d))?';
const timeOfDay = new RegExp(`^(?:${dayForm} )?(?:at )?${timeForm}${zoneForm}$`);

function readTimeOfDay(given: string, text: string, here: Clock): Told | undefined {
  const said = timeOfDay.exec(text)?.groups;
  if (said === undefined) return undefined;
  const ahead = said['zone'] === undefined ? undefined : aheadOf(said['zone']);
  const clock = ahead === undefined ? here : fixedClock(here, ahead);
  const [days, time] = [daysMeant(said, clock), msOfDay(said)];
  if (days === undefined || time === undefined) return undefined;
  for (const day of days) {
    const wall = day + time;
    const all = instantsOf(wall, clock);
    const over = all.filter((instant) => instant <= clock.now);
    const [instant, ...others] = said['date'] === undefined ? over : all;
    if (instant !== undefined && others.length === 0) return { instant };
    if (instant !== undefined) return { problem: twice(given, all, clock) };
    if (all.length === 0 && wall <= wallTime(clock.now, clock)) return { problem: skipped(given, wall, clock) };
  }
  return { problem: `"${given}" is still to come; name a moment that is over` };
}

/** The days that may be meant, as midnight on the wall clock; the first one on which the time is over counts. */
function daysMeant(said: Readonly<Record<string, string>>, clock: Clock): readonly number[] | undefined {
  const { last, name, date } = said;
  const wall = wallTime(clock.now, clock);
  const today = wall - (((wall % dayMs) + dayMs) % dayMs);
  if (date !== undefined) return dateOf(date);
  if (name === undefined) return [today, today - dayMs];
  if (last === undefined && name === 'today') return [today];
  if (last === undefined && name === 'yesterday') return [today - dayMs];
  const weekday = weekdayOf(name);
  if (weekday < 0) return undefined;
  const since = (new Date(today).getUTCDay() - weekday + 7) % 7;
  const latest = today - since * dayMs;
  if (last === undefined) return [latest, latest - 7 * dayMs];
  return [since === 0 ? latest - 7 * dayMs : latest];
}

/** Its number, 0 for Sunday, by its name or the first 3 to 5 letters of it; -1 for another word. */
function weekdayOf(name: string): number {
  const isShort = name.length >= 3 && name.length <= 5;
  return weekdays.findIndex((one) => one === name || (isShort && one.startsWith(name)));
}

function dateOf(text: string): readonly number[] | undefined {
  const midnight = Date.parse(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(text);
  return exists ? [midnight] : undefined;
}

function msOfDay({ hour = '', minute = '', second = '0', half }: Readonly<Record<string, string>>): number | undefined {
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (minutes > 59 || seconds > 59 || hours > 23) return undefined;
  if (half !== undefined && (hours < 1 || hours > 12)) return undefined;
  const since = half === undefined ? hours : (hours % 12) + (half === 'pm' ? 12 : 0);
  return ((since * 60 + minutes) * 60 + seconds) * 1000;
}

function aheadOf(zone: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function twice(given: string, instants: readonly number[], clock: Clock): string {
  const spelled = instants.map((instant) => spellLocal(instant, clock)).join(' or ');
  return `"${given}" came twice, because the clocks were put back: write ${spelled}`;
}

function skipped(given: string, wall: number, clock: Clock): string {
  const [before, after] = [wall - clock.ahead(wall + dayMs), wall - clock.ahead(wall - dayMs)];
  const near = `${spellLocal(before, clock)} or ${spellLocal(after, clock)}`;
  return `"${given}" never was, because the clocks were put forward over it: write ${near}`;
}

function strange(given: string, text: string): string {
  if (isDay(text.replace(/^last /, ''))) return `"${given}" is a whole day; say at what time: '${given} 14:00'`;
  const guess = (text.match(/[a-z]{3,}/g) ?? [])
    .filter((word) => !vocabulary.includes(word))
    .map((word) => didYouMean(word, vocabulary))
    .find((one) => one !== '');
  return `"${given}" is no moment.${guess ?? ''} Write for example ${momentExamples}, or RFC 3339 with a zone: 2026-11-24T03:14:00Z`;
}

function isDay(name: string): boolean {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(name) && dateOf(name) !== undefined;
  return isDate || name === 'today' || name === 'yesterday' || weekdayOf(name) >= 0;
}
