import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeEvent, type EventData, parseInstant } from '../../../events/index.js';
import { parseAt, type Read } from '../as-of.js';
import type { LogReader } from '../known-log.js';
import { type Fields, strayField } from '../question.js';
import { auditReads } from './audit-read-log.js';

export interface AccessQuestion {
  /** Recorded then or later, ms since 1970. */
  readonly from?: number;
  /** Recorded then or earlier. */
  readonly to?: number;
  readonly who?: string;
  readonly limit: number;
  /** Go on with this revision of the stream. */
  readonly after: number;
}

/** One read, as the log holds it. */
export type ToldRead = EventData<'AuditRead'> & { readonly recordedAt: string; readonly eventId: string };

export interface AccessAnswer {
  /** Oldest first. */
  readonly reads: readonly ToldRead[];
  /** Pass it as `after` for the next page; a page may hold fewer reads than asked for, or none. */
  readonly next?: string;
}

const mostReads = 500;
/** A filter that fits nothing must not read the whole stream for one answer. */
const mostLookedAt = 10_000;
const pageSize = 1000;

export function readAccessQuestion(fields: Fields): Read<AccessQuestion> {
  const stray = strayField(fields, ['between', 'who', 'after', 'limit']);
  if (stray !== undefined) return { problem: stray };
  const { between, who, after = '0', limit = String(mostReads) } = fields;
  if (!/^\d{1,15}$/.test(after)) return { problem: `after: expected \`next\` of the page before, found "${after}"` };
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > mostReads)
    return { problem: `limit: expected 1 to ${mostReads}, found "${limit}"` };
  if (who === '') return { problem: 'who: expected user:NAME, token:NAME, a name or the id of a token' };
  const span = readSpan(between);
  if ('problem' in span) return span;
  const named = who === undefined ? {} : { who };
  return { value: { ...span.value, ...named, limit: Number(limit), after: Number(after) } };
}

/** The reads that fit, a page of them. */
export async function accessPage(log: LogReader, question: AccessQuestion): Promise<AccessAnswer> {
  const { limit, after } = question;
  const reads: ToldRead[] = [];
  let revision = after;
  while (revision - after < mostLookedAt) {
    const { events, next } = await log.readStream(auditReads, { fromRevision: revision, limit: pageSize });
    for (const stored of events) {
      if (reads.length === limit) return { reads, next: String(stored.revision) };
      revision = stored.revision + 1;
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'AuditRead') continue;
      const read = { ...decoded.event.data, recordedAt: stored.metadata.recordedAt, eventId: stored.id };
      if (fits(read, question)) reads.push(read);
    }
    if (next === undefined) return { reads };
    await nextTurn();
  }
  return { reads, next: String(revision) };
}

function fits({ by, callerId, recordedAt }: ToldRead, { from, to, who }: AccessQuestion): boolean {
  const at = parseInstant(recordedAt) ?? 0;
  if ((from !== undefined && at < from) || (to !== undefined && at > to)) return false;
  return who === undefined || who === by || who === callerId || who === by.replace(/^(user|token):/, '');
}

function readSpan(between: string | undefined): Read<Pick<AccessQuestion, 'from' | 'to'>> {
  if (between === undefined) return { value: {} };
  const [from = '', to = '', ...rest] = between.split('..');
  const isSpan = between.includes('..') && rest.length === 0 && from + to !== '';
  if (!isSpan)
    return { problem: `between: expected A..B, two instants of which one may be left out, found "${between}"` };
  const [since, until] = [from, to].map((text) => (text === '' ? undefined : parseAt(text)));
  if (since !== undefined && 'problem' in since) return { problem: since.problem.replace(/^at:/, 'between:') };
  if (until !== undefined && 'problem' in until) return { problem: until.problem.replace(/^at:/, 'between:') };
  return { value: { ...(since && { from: since.value }), ...(until && { to: until.value }) } };
}
