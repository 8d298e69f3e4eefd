import { AsyncLocalStorage } from 'node:async_hooks';

/** How the text of an answer looks; JSON never depends on it. */
export interface Look {
  readonly colour: boolean;
  /** Instants are told in the time zone of the reader besides UTC. */
  readonly local: boolean;
}

/** What decides it: what was asked for, the environment, and whether the answer goes to a terminal. */
export interface Wish {
  readonly noColor: boolean;
  readonly local: boolean;
  readonly outIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const looks = new AsyncLocalStorage<Look>();

/** --no-color comes first, then NO_COLOR (no-color.org), then FORCE_COLOR; else there is colour on a terminal that has it. */
export function lookOf({ noColor, local, outIsTerminal, env }: Wish): Look {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '';
  const isOff = noColor || (NO_COLOR !== undefined && NO_COLOR !== '') || (isForced && /^(0|false)$/.test(FORCE_COLOR));
  return { colour: !isOff && (isForced || (outIsTerminal && TERM !== 'dumb')), local: local || outIsTerminal };
}

/** Everything that `work` writes looks so. */
export function looking<Result>(look: Look, work: () => Result): Result {
  return looks.run(look, work);
}

const codes = { added: 32, removed: 31, warned: 33, noted: 36, title: 1, quiet: 2 } as const;

/** The text as the look wants it: as it is, or with the colour of what it means. Text from outside is made printable first. */
export function paint(text: string, meaning: keyof typeof codes): string {
  return looks.getStore()?.colour === true ? `\u001b[${codes[meaning]}m${text}\u001b[0m` : text;
}

/** What stands behind an instant in UTC where the reader's own time is wanted: ` (04:14:07+01:00)`; else nothing. */
export function localSuffix(instant: string): string {
  const millis = looks.getStore()?.local === true ? Date.parse(instant) : Number.NaN;
  return Number.isNaN(millis) ? '' : localTime(millis, -new Date(millis).getTimezoneOffset());
}

/** The same for a zone so many minutes ahead of UTC; with its date where that is another one. Nothing for UTC itself. */
export function localTime(millis: number, ahead: number): string {
  if (ahead === 0) return '';
  const utc = new Date(millis).toISOString();
  const local = new Date(millis + ahead * 60_000).toISOString().replace(/(?:\.000)?Z$/, '');
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
  const offset = `${ahead < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
  const isSameDay = local.slice(0, 10) === utc.slice(0, 10);
  return ` (${isSameDay ? local.slice(11) : local.replace('T', ' ')}${offset})`;
}
