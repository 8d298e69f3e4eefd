import { decodeEvent, type EventType, type StoredEvent } from '../../events/index.js';
import type { MuteRow, ViolationRow } from '../../projections/index.js';
import { type Payload, payloadOf, type StreamItem } from '../transports/event-stream.js';
import type { Changing } from './violation-columns.js';
import { fits, type ViolationFilter } from './violation-filter.js';
import { type Viewing, violationView } from './violation-view.js';

/** Something that happened. It is put into words once, however many clients are told of it, and not before one is. */
export interface News {
  /** Of the event that said so. */
  readonly ordinal: number;
  /** How those are told who asked for this; undefined where it is nothing to them. */
  wordsFor(filter: ViolationFilter): Payload | undefined;
}

/** A violation changed, which was so before: told to those whom it fits, and as `left` to those whom it fitted. */
export function violationNews(row: ViolationRow, before: Changing | undefined, viewing: Viewing): News {
  const shown = once(() => violationItem(row, viewing));
  const left = once(() => leftItem(row));
  const former = before && formerRow(row, before);
  return {
    ordinal: row.changedAt,
    wordsFor(filter) {
      if (fits(row, filter, viewing)) return shown();
      return former !== undefined && fits(former, filter, viewing) ? left() : undefined;
    },
  };
}

/** A mute or a renumbering began, went on or ended: told to all, for what it lies over is nobody's filter. Undefined for any other event. */
export function overlyingNews(stored: StoredEvent): News | undefined {
  if (!overlying.has(stored.type)) return undefined;
  const decoded = decodeEvent(stored);
  if (!decoded.readable) return undefined;
  const data = decoded.event.data as { readonly muteId: string } | { readonly renumberingId: string };
  const item = 'muteId' in data ? muteItem(data) : renumberingItem(data);
  const words = once(() => ({ id: stored.position, ...item }));
  return { ordinal: stored.ordinal, wordsFor: words };
}

const overlying: ReadonlySet<string> = new Set<EventType>([
  'ViolationMuted',
  'ViolationMuteEnded',
  'RenumberingStarted',
  'RenumberingAdvanced',
  'RenumberingTakenBack',
  'RenumberingProgressed',
]);

export function violationItem(row: ViolationRow, viewing: Viewing): StreamItem {
  return { id: row.position, event: 'violation', data: violationView(row, viewing) };
}

export function leftItem({ position, violationId }: ViolationRow): StreamItem {
  return { id: position, event: 'left', data: { violationId } };
}

export function muteItem({ muteId }: Pick<MuteRow, 'muteId'>): StreamItem {
  return { event: 'mutes', data: { muteId } };
}

/** Without an id any of them may have gone on. */
export function renumberingItem({ renumberingId }: { readonly renumberingId?: string }): StreamItem {
  return { event: 'renumberings', data: { ...(renumberingId !== undefined && { renumberingId }) } };
}

/** Whether a row that does not fit now may have fitted before: by all of the filter that is about what never changes. */
export function mayHaveFitted(row: ViolationRow, filter: ViolationFilter, viewing: Viewing): boolean {
  const { state, assignee, quiet, muted, 'acked-before': acked, ...unchanging } = filter;
  const canChange = [state, assignee, quiet, muted, acked].some((one) => one !== undefined);
  return canChange && fits(row, unchanging, viewing);
}

function formerRow(row: ViolationRow, before: Changing): ViolationRow {
  const former: { -readonly [Name in keyof ViolationRow]: ViolationRow[Name] } = { ...row, ...before };
  if (before.assignee === undefined) delete former.assignee;
  if (before.quiet === undefined) delete former.quiet;
  if (before.acknowledgedAt === undefined) delete former.acknowledgedAt;
  return former;
}

function once(item: () => StreamItem): () => Payload {
  let payload: Payload | undefined;
  return () => (payload ??= payloadOf(item()));
}
