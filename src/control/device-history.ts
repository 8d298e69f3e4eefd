import {
  decodeEvent,
  formatInstant,
  type JournalLine,
  type LedgerEvent,
  parseInstant,
  type ReconcileOutcome,
  type StoredEvent,
} from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import { type Cause, causeOf } from './plan-causes.js';

/** One line that was pushed, what reading back showed of it, and the event behind it. */
export interface HistoryLine extends Omit<JournalLine, 'cause'> {
  readonly because: Cause | { readonly ordinal: number } | 'drift' | 'configuration';
}

/** What was done to a device and what reading it back showed. */
export interface PastReconcile {
  readonly kind: 'reconcile';
  readonly planId: string;
  readonly planHash?: string;
  /** RFC 3339; absent where the log no longer shows its beginning within what was read. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** From the word before the first write to the word after reading back, ms. */
  readonly tookMs?: number;
  /** Whose word it was; absent where none was needed. */
  readonly by?: string;
  /** Absent while it is under way. */
  readonly outcome?: ReconcileOutcome;
  readonly error?: string;
  /** How many lines, how many of them were read back as wanted, and how many put drift right. */
  readonly count: { readonly lines: number; readonly confirmed: number; readonly drift: number };
  /** The first of them. */
  readonly lines: readonly HistoryLine[];
}

/** An operator's word, or a move that came to its end. */
export interface PastWord {
  readonly kind: 'frozen' | 'resumed' | 'adopted' | 'moved';
  readonly at: string;
  readonly by?: string;
  /** The reason, the entry, or the destination with how long it was dark. */
  readonly text?: string;
}

export interface HistoryPage {
  readonly device: string;
  /** Newest first. */
  readonly entries: readonly (PastReconcile | PastWord)[];
  /** Pass it as `before` for what was earlier; absent at the beginning. */
  readonly next?: number;
}

/** Lines of one reconcile that are shown. */
export const mostLines = 50;
/** Events of a journal that are read for one page: a huge plan is journaled in many parts. */
const mostRead = 500;

interface Open {
  planId: string;
  startedAt?: string;
  planHash?: string;
  by?: string;
  finishedAt?: string;
  outcome?: ReconcileOutcome;
  error?: string;
  total: number;
  confirmed: number;
  drift: number;
  lines: JournalLine[];
}

/**
 * What the journal of a device tells, newest first, at most `limit` entries; a reconcile of which only the end was read within the
 * bound is given without its beginning. Rejects with a StoreError.
 * @param before revision of the journal from which on nothing is read
 */
export async function deviceHistory(
  device: string,
  store: Pick<EventStore, 'readStream' | 'readAt'>,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<HistoryPage> {
  const found: (Open | PastWord)[] = [];
  const open = new Map<string, Open>();
  let next: number | undefined = before === undefined ? undefined : before - 1;
  let isAtStart = next !== undefined && next < 0;
  for (let read = 0; !isAtStart && read < mostRead && (found.length < limit || open.size > 0);) {
    const from = next === undefined ? {} : { fromRevision: next };
    const page = await store.readStream(`journal-${device}`, { ...from, backwards: true, limit: 100 });
    for (const stored of page.events) {
      if (found.length >= limit && open.size === 0) break;
      read++;
      next = stored.revision - 1;
      take(stored, found, open);
    }
    isAtStart = page.events.length === 0 || (next !== undefined && next < 0);
  }
  const entries = await explained(found, store);
  return { device, entries, ...(isAtStart || next === undefined ? {} : { next: next + 1 }) };
}

function take(stored: StoredEvent, found: (Open | PastWord)[], open: Map<string, Open>): void {
  const decoded = decodeEvent(stored);
  if (!decoded.readable) return;
  const { event } = decoded;
  const at = formatInstant(event.time);
  if (event.type === 'ReconcileFinished') {
    const { planId, outcome, error, lines } = event.data;
    const known = open.get(planId) ?? begin(planId, found, open);
    known.finishedAt ??= at;
    known.outcome ??= outcome;
    if (error !== undefined) known.error ??= error;
    known.total += lines.length;
    known.confirmed += lines.filter(isAsWanted).length;
    known.drift += lines.filter(({ cause }) => cause === 'drift').length;
    // Parts come last first.
    known.lines = [...lines, ...known.lines].slice(0, mostLines);
  } else if (event.type === 'ReconcileStarted') {
    const { planId, planHash, confirmedBy } = event.data;
    const known = open.get(planId) ?? begin(planId, found, open);
    Object.assign(known, { startedAt: at, planHash, ...(confirmedBy === undefined ? {} : { by: confirmedBy }) });
    open.delete(planId);
  } else {
    const word = wordOf(event, at);
    if (word !== undefined) found.push(word);
  }
}

function begin(planId: string, found: (Open | PastWord)[], open: Map<string, Open>): Open {
  const known: Open = { planId, total: 0, confirmed: 0, drift: 0, lines: [] };
  open.set(planId, known);
  found.push(known);
  return known;
}

function wordOf({ type, data }: LedgerEvent, at: string): PastWord | undefined {
  if (type === 'DeviceFrozen') return { kind: 'frozen', at, by: data.by, text: data.reason };
  if (type === 'DeviceResumed')
    return { kind: 'resumed', at, by: data.by, ...(data.reason === undefined ? {} : { text: data.reason }) };
  if (type === 'EntryAdopted') return { kind: 'adopted', at, by: data.by, text: data.line };
  if (type !== 'MoveFinished') return undefined;
  const { destination, from, blackoutMs } = data;
  const dark = blackoutMs === undefined ? 'dark for an unknown time' : `dark for ${blackoutMs} ms`;
  return { kind: 'moved', at, text: `${destination} from ${from.join(', ')}, ${dark}` };
}

const isAsWanted = ({ change, readBack }: JournalLine): boolean =>
  readBack === (change === 'add' ? 'present' : 'absent');

async function explained(
  found: readonly (Open | PastWord)[],
  store: Pick<EventStore, 'readAt'>,
): Promise<(PastReconcile | PastWord)[]> {
  const ordinals = new Set(
    found.flatMap((one) => ('lines' in one ? one.lines.map(({ cause }) => cause) : [])).filter(isOrdinal),
  );
  const events = await store.readAt([...ordinals].sort((a, b) => a - b));
  const causes = new Map(events.map((event) => [event.ordinal, causeOf(event)]));
  return found.map((one) => ('lines' in one ? reconcileOf(one, causes) : one));
}

const isOrdinal = (cause: JournalLine['cause']): cause is number => typeof cause === 'number';

function reconcileOf(one: Open, causes: ReadonlyMap<number, Cause>): PastReconcile {
  const { total, confirmed, drift, lines, startedAt, finishedAt, ...rest } = one;
  const started = parseInstant(startedAt);
  const finished = parseInstant(finishedAt);
  return {
    kind: 'reconcile',
    ...rest,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(started === undefined || finished === undefined ? {} : { tookMs: Math.max(0, finished - started) }),
    count: { lines: total, confirmed, drift },
    lines: lines.map(({ cause, ...line }) => ({
      ...line,
      because: isOrdinal(cause) ? (causes.get(cause) ?? { ordinal: cause }) : cause,
    })),
  };
}
