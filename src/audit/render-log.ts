import { printable, shortInstant, textTable } from '../cli/text-table.js';
import type { LoggedEvent } from './log-page.js';
import type { LogStats } from './log-stats.js';

const widths = [8, 24, 24, 20] as const;
const longestData = 160;

/** The head of lines that come one by one. */
export const logHeader = lineOf(['#', 'RECORDED', 'STREAM', 'TYPE', 'DATA']);

/** One event as one line; data that cannot be read is named with the reason. */
export function logLine(event: LoggedEvent): string {
  const { ordinal, metadata, stream, type, unreadable } = event;
  const text = dataLine(event.data);
  const data = text.length > longestData ? `${text.slice(0, longestData)}...` : text;
  const what = unreadable === undefined ? data : `unreadable: ${unreadable}`;
  return lineOf([`#${ordinal}`, shortInstant(String(metadata.recordedAt)), stream, type, what]);
}

/** One event of a stream: its head, and its data whole. */
export function streamLine(event: LoggedEvent): string {
  const { ordinal, revision, metadata, type, id, unreadable } = event;
  const { time, recordedAt, source, causedBy } = metadata;
  return [
    `${revision}  #${ordinal} ${type} ${shortInstant(String(time))}`,
    `   id ${id}, recorded ${recordedAt}, by ${source}${causedBy === undefined ? '' : `, caused by ${causedBy.join(', ')}`}`,
    `   ${dataLine(event.data)}`,
    ...(unreadable === undefined ? [] : [`   unreadable: ${unreadable}`]),
  ]
    .map(printable)
    .join('\n');
}

/** What is in a log, for a person. */
export function renderStats(stats: LogStats): string {
  const { logId, size, root, bytes, firstRecordedAt, lastRecordedAt, eventsPerDay, types, families } = stats;
  const rows = (
    all: readonly { readonly events: number; readonly bytes: number }[],
    names: readonly string[],
  ): string[][] => all.map((one, index) => [names[index] ?? '', String(one.events), String(one.bytes)]);
  const times =
    firstRecordedAt === undefined || lastRecordedAt === undefined
      ? ['Empty.']
      : [
          printable(`Recorded from ${shortInstant(firstRecordedAt)} to ${shortInstant(lastRecordedAt)}`) +
            (eventsPerDay === undefined ? '' : `, ${eventsPerDay} events a day`),
          '',
          textTable([
            ['TYPE', 'EVENTS', 'BYTES'],
            ...rows(
              types,
              types.map(({ type }) => type),
            ),
          ]),
          '',
          textTable([
            ['STREAMS', 'EVENTS', 'BYTES'],
            ...rows(
              families,
              families.map(({ family }) => `${family}-...`),
            ),
          ]),
        ];
  return [`Log ${logId}`, `Size ${size}, root ${root}`, `${bytes} bytes of data and metadata`, ...times].join('\n');
}

function dataLine(data: unknown): string {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return JSON.stringify(data);
  return Object.entries(data)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

function lineOf(cells: readonly string[]): string {
  return cells
    .map((cell, column) => printable(cell === '' ? '-' : cell).padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}
