import { parseInstant, type ViolationDetected } from '../events/index.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { isOpen, type TriageAct, type TriageState, triageTable } from './triage.js';
import { type TriageEntry, withEntry } from './triage-history.js';
import { type HeardHours, hoursWith } from './violation-hours.js';

/** What the log keeps for judging a violation again, and nobody asks of the map: it would be the larger part of a row. */
const forJudging = [
  'basis',
  'askedAddress',
  'tags',
  'trafficWindowMs',
  'trafficFrames',
  'askedAddresses',
  'claimedAddresses',
  'sources',
] as const;
const isForJudging: ReadonlySet<string> = new Set(forJudging);
type Shown = Omit<ViolationDetected, (typeof forJudging)[number]>;

/** A finding kept: what was claimed, by whom, how often it was heard, and what was done about it. */
export interface ViolationRow extends Shown, HeardHours {
  /** Where the work on it stands: see `triageTable`. */
  readonly state: TriageState;
  /** Who works on it; gone when it is new again. */
  readonly assignee?: string;
  /** While it is acknowledged: since when, ms since 1970. */
  readonly acknowledgedAt?: number;
  /** While it is closed: since when, ms since 1970. Frames captured later are heard again. */
  readonly closedAt?: number;
  /** What it was before it was heard again; gone when it is closed the next time. */
  readonly reopenedFrom?: TriageState;
  /** Nothing was heard of it for long: a mark, no state. */
  readonly quiet?: true;
  /** The latest ticket that was linked. */
  readonly ticket?: string;
  /** When billing was asked last to suspend the offender, ms since 1970, and why it will not, once it said so. */
  readonly containmentAt?: number;
  readonly containmentRefused?: string;
  /** What was done about it, oldest first, at most 200 entries; absent where nothing was. */
  readonly history?: readonly TriageEntry[];
  /** The event that exonerated it last. */
  readonly exoneratedBy?: string;
  /** Digest of its kept frames, and how many they are. */
  readonly evidenceSha256?: string;
  readonly evidenceFrames?: number;
  /** Frames heard so far. */
  readonly count: number;
  /** Capture times of the first and the last frame, ms since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Ordinal of the event that detected it. */
  readonly detectedAt: number;
  /** Ordinal of the last event that changed its state or that somebody did: being heard again is none where it stays open. */
  readonly actedAt: number;
  /** Position of the event that made it new last: its detection, or the frames that reopened it. */
  readonly openedPosition: string;
  /** Ordinal and position of the event that changed the row last. */
  readonly changedAt: number;
  readonly position: string;
}

const handles = [
  'ViolationDetected',
  'ViolationRepeated',
  'ViolationExonerated',
  'EvidenceKept',
  'ViolationAcknowledged',
  'ViolationResolved',
  'ViolationMarkedFalsePositive',
  'ViolationCommented',
  'ViolationTicketLinked',
  'ViolationQuiet',
  'ContainmentRequested',
  'ContainmentRefused',
] as const;
type ViolationEvent = EventsOf<(typeof handles)[number]>;

export const violations: Projection<ViolationRow, (typeof handles)[number]> = {
  name: 'violations',
  handles,
  key: (event) => event.data.violationId,
  evolve(row, event) {
    if (row === undefined) return event.type === 'ViolationDetected' ? detected(event) : row;
    const { ordinal: changedAt, position } = event;
    if (changedAt <= row.changedAt) return row; // Handed over again: its frames are counted.
    switch (event.type) {
      case 'ViolationDetected':
        return row;
      case 'ViolationRepeated':
        return { ...repeated(row, event), changedAt, position };
      case 'ViolationExonerated': {
        const { eventId: exoneratedBy, reason: text } = event.data;
        return acted(row, event, { act: 'exonerate', entry: { what: 'exonerated', text }, more: { exoneratedBy } });
      }
      case 'EvidenceKept': {
        const { sha256: evidenceSha256, frames: evidenceFrames } = event.data;
        return { ...row, evidenceSha256, evidenceFrames, changedAt, position };
      }
      case 'ViolationAcknowledged': {
        const { by, assignee, comment } = event.data;
        const entry = { what: 'acknowledged', by, assignee, ...said(comment) } as const;
        return acted(row, event, { act: 'acknowledge', entry, more: { assignee } });
      }
      case 'ViolationResolved': {
        const { by, comment } = event.data;
        return acted(row, event, { act: 'resolve', entry: { what: 'resolved', by, ...said(comment) } });
      }
      case 'ViolationMarkedFalsePositive': {
        const { by, comment: text } = event.data;
        return acted(row, event, { act: 'false-positive', entry: { what: 'false-positive', by, text } });
      }
      case 'ViolationCommented': {
        const { by, text } = event.data;
        return acted(row, event, { act: 'comment', entry: { what: 'commented', by, text } });
      }
      case 'ViolationTicketLinked': {
        const { by, url: ticket } = event.data;
        return acted(row, event, { act: 'ticket', entry: { what: 'ticket', by, text: ticket }, more: { ticket } });
      }
      case 'ContainmentRequested': {
        const { by, reason: text } = event.data;
        const more = { containmentAt: event.time };
        const asked = { act: 'contain', entry: { what: 'containment', by, text }, more } as const;
        const next = acted(row, event, asked);
        return next === row ? row : without(next, 'containmentRefused');
      }
      case 'ContainmentRefused':
        return refused(row, event);
      case 'ViolationQuiet':
        return silent(row, event);
      default:
        return unreachable(event);
    }
  },
};

function detected({
  data,
  time,
  ordinal,
  position,
}: Extract<ViolationEvent, { type: 'ViolationDetected' }>): ViolationRow {
  const shown = Object.entries(data).filter(([name]) => !isForJudging.has(name));
  const seen = parseInstant(data.frameTime) ?? time;
  const count = { count: 1, firstSeen: seen, lastSeen: seen };
  const hours = hoursWith({ hours: [] }, { first: seen, last: seen, count: 1 });
  const places = { detectedAt: ordinal, actedAt: ordinal, openedPosition: position, changedAt: ordinal, position };
  // As one step: to go on writing behind a spread takes many times as long.
  return Object.assign(
    Object.fromEntries(shown) as unknown as Shown,
    { state: 'new', ...count, ...hours, ...places } as const,
  );
}

/** Only frames captured after it was closed open a violation again: those before may be counted later. */
function repeated(row: ViolationRow, event: Extract<ViolationEvent, { type: 'ViolationRepeated' }>): ViolationRow {
  const { data, time, ordinal, position } = event;
  const last = parseInstant(data.lastFrameTime) ?? time;
  const hours = hoursWith(row, { first: parseInstant(data.firstFrameTime) ?? last, last, count: data.count });
  const counted = { ...row, ...hours, count: row.count + data.count, lastSeen: Math.max(row.lastSeen, last) };
  const next = row.quiet && last > row.lastSeen ? without(counted, 'quiet') : counted;
  if (row.closedAt === undefined || last <= row.closedAt) return next;
  const cell = triageTable[row.state]['heard-again'];
  if (!('to' in cell) || cell.to === row.state) return next;
  const entry = { what: 'reopened', at: time, ordinal, from: row.state } as const;
  const history = withEntry(row.history ?? [], entry);
  const opened = { state: cell.to, reopenedFrom: row.state, history, actedAt: ordinal, openedPosition: position };
  return { ...without(next, 'closedAt', 'assignee'), ...opened };
}

/** A silence that was broken before it was told is none. It is nobody's act: who looked before may go on. */
function silent(row: ViolationRow, event: Extract<ViolationEvent, { type: 'ViolationQuiet' }>): ViolationRow {
  const { data, time, ordinal, position } = event;
  const last = parseInstant(data.lastFrameTime) ?? time;
  if (last < row.lastSeen || 'refused' in triageTable[row.state].quiet) return row;
  const entry = { what: 'quiet', at: time, ordinal, text: `for ${data.hours} h` } as const;
  return { ...row, quiet: true, history: withEntry(row.history ?? [], entry), changedAt: ordinal, position };
}

/** An answer to a question that nobody asked, or about another server, is none. It is billing's act: no state changes. */
function refused(row: ViolationRow, event: Extract<ViolationEvent, { type: 'ContainmentRefused' }>): ViolationRow {
  const { data, time, ordinal, position } = event;
  if (row.containmentAt === undefined || row.offenderServerId !== data.serverId) return row;
  const entry = { what: 'containment-refused', at: time, ordinal, by: 'billing', text: data.reason } as const;
  const history = withEntry(row.history ?? [], entry);
  return { ...row, containmentRefused: data.reason, history, changedAt: ordinal, position };
}

interface Acted {
  readonly act: TriageAct;
  readonly entry: Omit<TriageEntry, 'at' | 'ordinal'>;
  readonly more?: Partial<ViolationRow>;
}

/** What the table refuses changes nothing: it was stored by somebody who did not ask. */
function acted(
  row: ViolationRow,
  { time, ordinal, position }: ViolationEvent,
  { act, entry, more }: Acted,
): ViolationRow {
  const cell = triageTable[row.state][act];
  if ('refused' in cell) return row;
  const state = cell.to;
  const history = withEntry(row.history ?? [], { ...entry, at: time, ordinal });
  const done = { ...more, state, history, actedAt: ordinal, changedAt: ordinal, position };
  if (state === row.state && act !== 'acknowledge' && act !== 'exonerate') return { ...row, ...done };
  if (state === 'acknowledged') {
    const acknowledgedAt = (row.state === 'acknowledged' ? row.acknowledgedAt : undefined) ?? time;
    return { ...without(row, 'closedAt'), ...done, acknowledgedAt };
  }
  if (isOpen(state)) return { ...row, ...done };
  return { ...without(row, 'acknowledgedAt', 'reopenedFrom', 'quiet'), ...done, closedAt: time };
}

/** A row says nothing at all of what it does not have: it is kept as it is compared. */
function without(row: ViolationRow, ...names: (keyof ViolationRow)[]): ViolationRow {
  const kept = Object.entries(row).filter(([name]) => !names.includes(name as keyof ViolationRow));
  return Object.fromEntries(kept) as unknown as ViolationRow;
}

function said(text: string | undefined): { readonly text?: string } {
  return text === undefined ? {} : { text };
}
