import { type Clock, spellLocal, systemClock } from './clock.js';
import { CliError, type CommandIo, type CommandOption, exitCode } from './command.js';
import { readWords } from './words-of-time.js';

/**
 * A moment as an engine reads it: words become RFC 3339 in UTC, and stderr tells which moment they were taken for. `#N` and
 * RFC 3339 stay as they are. `name` is the option, or what else stands before it. Throws a usage error for other text.
 */
export function spellMoment(name: string, text: string, io: CommandIo): string {
  if (/^#|^\d{4}-\d\d-\d\d[Tt]/.test(text)) return text;
  const clock = io.clock ?? systemClock();
  const told = readWords(text, clock);
  if ('problem' in told) throw new CliError(exitCode.usage, `${name}: ${told.problem}.`);
  io.err(`${name}: "${text}" is ${spelledOut(told.instant, clock)}.\n`);
  return new Date(told.instant).toISOString();
}

/** Two moments as `A..B`, either of which may be left out; other text stays as it is, for who reads it. */
export function spellStretch(name: string, text: string, io: CommandIo): string {
  const ends = text.split('..');
  if (ends.length !== 2) return text;
  return ends.map((end) => (end.trim() === '' ? end : spellMoment(name, end.trim(), io))).join('..');
}

/** The options that were given, with each moment among them as an engine reads it. */
export function withMoments(
  given: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, CommandOption>>,
  io: CommandIo,
): Readonly<Record<string, unknown>> {
  const spell = { moment: spellMoment, stretch: spellStretch } as const;
  const entries = Object.entries(given).map(([name, value]) => {
    const reads = options[name]?.reads;
    return [name, reads !== undefined && typeof value === 'string' ? spell[reads](`--${name}`, value, io) : value];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}

const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The weekday, the time here, and UTC where that is another one. */
function spelledOut(instant: number, clock: Clock): string {
  const local = spellLocal(instant, clock);
  const weekday = names[new Date(instant + clock.ahead(instant)).getUTCDay()] ?? '';
  const utc = new Date(instant).toISOString().replace('.000Z', 'Z');
  return `${weekday} ${local}${local === utc ? '' : `, in UTC ${utc}`}`;
}
