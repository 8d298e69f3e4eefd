import { formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';
import { parseAt, type Read } from './as-of.js';
import type { Fields } from './question.js';

/** Recorded then: both ends included, ms since 1970; either may be open. */
export interface Span {
  readonly from?: number;
  readonly to?: number;
}

/** Which events of a log are meant: all that is given must fit. */
export interface LogFilter {
  readonly stream?: string;
  /** Only streams that begin so. */
  readonly beginning?: string;
  /** One type or several, with commas. */
  readonly type?: string;
  /** None of these types, with commas. */
  readonly notType?: string;
  /** Who published or wrote it. */
  readonly source?: string;
  /** When the engine was told. */
  readonly recorded?: Span;
  /** When it became true, as its publisher says. */
  readonly time?: Span;
}

export const textFilters = ['stream', 'beginning', 'type', 'notType', 'source'] as const;
export const spanFilters = ['recorded', 'time'] as const;
const mostText = 512;

/** Reads the fields that say which events are meant. */
export function readLogFilter(fields: Fields): Read<LogFilter> {
  const filter: Record<string, string | Span> = {};
  for (const name of textFilters) {
    const text = fields[name];
    if (text === undefined) continue;
    if (text.length > mostText || !/^\P{C}+$/u.test(text)) return { problem: `${name}: expected a name` };
    filter[name] = text;
  }
  if (filter['stream'] !== undefined && filter['beginning'] !== undefined)
    return { problem: 'beginning: stream names one stream already; leave out one of them' };
  for (const name of spanFilters) {
    const span = fields[name] === undefined ? undefined : readSpan(name, fields[name]);
    if (span === undefined) continue;
    if ('problem' in span) return span;
    filter[name] = span.value;
  }
  return { value: filter };
}

/** The texts that `readLogFilter` reads back as this. */
export function spellLogFilter(filter: LogFilter): Readonly<Record<string, string>> {
  const spelt: Record<string, string> = {};
  for (const name of textFilters) if (filter[name] !== undefined) spelt[name] = filter[name];
  for (const name of spanFilters) {
    const span = filter[name];
    if (span !== undefined) spelt[name] = `${instantText(span.from)}..${instantText(span.to)}`;
  }
  return spelt;
}

/** True where something must be looked at to know whether it fits, beyond the stream it stands in. */
export function isPicky({ beginning, type, notType, source, time, recorded }: LogFilter): boolean {
  return [beginning, type, notType, source, time, recorded].some((one) => one !== undefined);
}

/** Whether an event is meant. */
export function fitting(filter: LogFilter): (event: StoredEvent) => boolean {
  const { stream, beginning, source, recorded, time } = filter;
  const [types, others] = [namesIn(filter.type), namesIn(filter.notType)];
  return ({ stream: name, type, metadata }) => {
    // An event nobody could read may lack any of it.
    const told = (metadata ?? {}) as Partial<StoredEvent['metadata']>;
    return (
      (stream === undefined || name === stream) &&
      (beginning === undefined || name.startsWith(beginning)) &&
      (types === undefined || types.has(type)) &&
      others?.has(type) !== true &&
      (source === undefined || told.source === source) &&
      (recorded === undefined || isIn(recorded, told.recordedAt)) &&
      (time === undefined || isIn(time, told.time))
    );
  };
}

function namesIn(text: string | undefined): ReadonlySet<string> | undefined {
  return text === undefined ? undefined : new Set(text.split(',').map((name) => name.trim()));
}

function isIn({ from, to }: Span, text: string | undefined): boolean {
  const at = parseInstant(text);
  return at !== undefined && (from === undefined || at >= from) && (to === undefined || at <= to);
}

function readSpan(name: string, text: string): Read<Span> {
  const [first = '', second, ...rest] = text.split('..');
  if (second === undefined || rest.length > 0 || first + second === '')
    return {
      problem: `${name}: expected A..B, two instants of which one may be left out, found "${text.slice(0, 80)}"`,
    };
  const [from, to] = [first, second].map((end) => (end === '' ? undefined : parseAt(end)));
  for (const end of [from, to])
    if (end !== undefined && 'problem' in end) return { problem: end.problem.replace(/^at:/, `${name}:`) };
  const span = { ...valueOf('from', from), ...valueOf('to', to) };
  if (span.from !== undefined && span.to !== undefined && span.from > span.to)
    return { problem: `${name}: "${text}" ends before it begins` };
  return { value: span };
}

function valueOf<Name extends string>(name: Name, read: Read<number> | undefined): { readonly [key in Name]?: number } {
  return read === undefined || 'problem' in read ? {} : ({ [name]: read.value } as { readonly [key in Name]?: number });
}

const instantText = (at: number | undefined): string => (at === undefined ? '' : formatInstant(at));
