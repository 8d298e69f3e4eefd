import { shortInstant, textTable } from '../../cli/text-table.js';
import type { ToldRead } from './access-question.js';

/** A line for each read, oldest first. */
export function renderAccess(reads: readonly ToldRead[]): string {
  if (reads.length === 0) return 'Nobody read anything that fits.';
  const header = ['WHEN', 'WHO', 'FROM', 'ROUTE', 'ASKED', 'OUTCOME', 'RESULTS', 'MS'];
  return textTable([header, ...reads.map(row)]);
}

function row({ recordedAt, by, callerId, address, route, question, at, knownAt, ...read }: ToldRead): string[] {
  const asked = [question, at && `at=${at}`, knownAt && `knownAt=${knownAt}`].filter(Boolean).join(' ');
  const who = by.startsWith('token:') ? `${by} (${callerId})` : by;
  const results = read.results === undefined ? '' : String(read.results);
  return [shortInstant(recordedAt), who, address ?? '', route, asked, read.outcome, results, String(read.millis)];
}
