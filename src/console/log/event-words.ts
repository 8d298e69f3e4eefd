import { inWords } from '../violation.js';
import type { LogEvent } from './log-list.js';

/** A field of an event, as it is told. */
export interface Told {
  readonly name: string;
  readonly text: string;
}

const mostFields = 60;

/** What the data of an event says, field by field; a list or an object in it as JSON text. */
export function factsOf({ data }: Pick<LogEvent, 'data'>): Told[] {
  if (typeof data !== 'object' || data === null) return [{ name: 'data', text: JSON.stringify(data) ?? '' }];
  return Object.entries(data)
    .slice(0, mostFields)
    .map(([name, value]) => ({ name: wordsOf(name), text: textOf(value) }));
}

/** The same in one line, the most telling fields first as they stand. */
export function lineOf(event: Pick<LogEvent, 'data'>): string {
  return factsOf(event)
    .map(({ name, text }) => `${name} ${text}`)
    .join(' · ')
    .slice(0, 300);
}

/** `serverId` as `server id`. */
function wordsOf(name: string): string {
  return inWords(name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase());
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ');
  return JSON.stringify(value) ?? '';
}

/** How many milliseconds lie between the fact and the engine's word of it; undefined where it cannot be read. */
export function latenessOf({ metadata }: Pick<LogEvent, 'metadata'>): number | undefined {
  const late = Date.parse(metadata?.recordedAt ?? '') - Date.parse(metadata?.time ?? '');
  return Number.isNaN(late) ? undefined : late;
}

/** What a signed checkpoint says: over how many events, and who signed it. Undefined for anything else. */
export function checkpointOf(note: string | undefined): { readonly size: number; readonly origin: string } | undefined {
  const [origin = '', size = ''] = (note ?? '').split('\n');
  return /^\d{1,15}$/.test(size) ? { size: Number(size), origin } : undefined;
}
