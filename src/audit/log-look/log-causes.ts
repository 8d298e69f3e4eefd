import { decodeEvent, type StoredEvent } from '../../../events/index.js';
import { historyKeys } from '../../../projections/index.js';
import { type FactRef, factOf } from '../fact.js';
import { type Indexed, KnownLog, type LogReader } from '../known-log.js';
import { logged, type LoggedEvent, type LogView } from '../log-page.js';

/** One event, and what stands before and behind it in the chain of causes. */
export interface EventCauses {
  readonly event: LoggedEvent;
  /** What led to it, oldest first. */
  readonly causes: readonly FactRef[];
  /** What it led to, oldest first; of a journal event how many lines it wrote because of this event. */
  readonly effects: readonly (FactRef & { readonly lines?: number })[];
  /** Effects were looked for in the events up to this ordinal; those behind it only as lines of the journal. */
  readonly lookedTo: number;
  /** True where that is the end of the log and no chain was cut. */
  readonly whole: boolean;
}

/** A chain that is longer is cut. */
const mostNamed = 200;
/** What an event leads to stands soon behind it, but for lines of the journal, which the address history leads to. */
const mostLookedAt = 2_000;

/** The event with this ordinal or id, with its causes and effects; undefined where the log has none. */
export async function eventCauses(
  log: LogReader & LogView,
  name: { readonly ordinal: number } | { readonly id: string },
  indexed: Indexed,
): Promise<EventCauses | undefined> {
  const event = 'id' in name ? await log.findById(name.id) : (await log.readAt([name.ordinal]))[0];
  if (event === undefined) return undefined;
  const [causes, effects] = [await causesOf(log, event), await effectsOf(log, event, indexed)];
  const cut = (all: readonly FactRef[]): FactRef[] =>
    all.toSorted((one, other) => one.ordinal - other.ordinal).slice(0, mostNamed);
  return {
    event: logged(event),
    causes: cut(causes),
    effects: cut(effects.found),
    lookedTo: effects.lookedTo,
    whole: effects.isWhole && Math.max(causes.length, effects.found.length) <= mostNamed,
  };
}

async function causesOf(log: LogReader & LogView, event: StoredEvent): Promise<FactRef[]> {
  const named = await Promise.all(
    causedBy(event)
      .slice(0, mostNamed)
      .map((id) => log.findById(id)),
  );
  const ordinals = [...linesOf(event).keys()].slice(0, mostNamed);
  const lines = ordinals.length === 0 ? [] : await log.readAt(ordinals);
  const started = await startOf(log, event);
  return unique([...named, ...lines, started]);
}

async function effectsOf(
  log: LogReader,
  event: StoredEvent,
  indexed: Indexed,
): Promise<{ readonly found: EventCauses['effects']; readonly lookedTo: number; readonly isWhole: boolean }> {
  const known = await KnownLog.open(log, undefined, indexed);
  const found = new Map<number, FactRef & { readonly lines?: number }>();
  const take = (one: StoredEvent): void => {
    const lines = linesOf(one).get(event.ordinal);
    const plan = planOf(one);
    const ends = plan !== undefined && plan === startedPlan(event);
    if ((ends || lines !== undefined || causedBy(one).includes(event.id)) && one.ordinal > event.ordinal)
      found.set(one.ordinal, { ...factOf(one), ...(lines === undefined ? {} : { lines }) });
  };
  const { ordinals, reaches } = posted(indexed, event.ordinal);
  for (const one of await known.at(ordinals)) take(one);
  let lookedTo = event.ordinal;
  for await (const page of known.after(event.ordinal)) {
    for (const one of page) take(one);
    lookedTo = page.at(-1)?.ordinal ?? lookedTo;
    if (lookedTo - event.ordinal >= mostLookedAt) break;
  }
  // The last moments of a busy log, which the address history has not reached yet.
  const recent = reaches > lookedTo ? known.after(reaches) : [];
  for await (const page of recent) {
    for (const one of page) take(one);
    break;
  }
  return { found: [...found.values()], lookedTo, isWhole: lookedTo >= known.ordinal };
}

function posted({ history, onDamaged }: Indexed, ordinal: number): { ordinals: readonly number[]; reaches: number } {
  try {
    const found = history?.valuesOf(historyKeys.lineBy(ordinal)) ?? [];
    return { ordinals: found.slice(0, mostNamed + 1), reaches: history?.reaches ?? -1 };
  } catch (error) {
    onDamaged?.(error);
    return { ordinals: [], reaches: -1 };
  }
}

/** A reconcile is journaled before its first write: the plan that this event tells the end of. */
async function startOf(log: LogReader, event: StoredEvent): Promise<StoredEvent | undefined> {
  const plan = planOf(event);
  if (plan === undefined || event.revision === 0) return undefined;
  const { events } = await log.readStream(event.stream, {
    fromRevision: event.revision - 1,
    limit: mostNamed,
    backwards: true,
  });
  return events.find((one) => startedPlan(one) === plan);
}

const startedPlan = (event: StoredEvent): string | undefined =>
  event.type === 'ReconcileStarted' ? planId(event) : undefined;
const planOf = (event: StoredEvent): string | undefined =>
  event.type === 'ReconcileFinished' ? planId(event) : undefined;

function planId({ data, stream }: StoredEvent): string | undefined {
  const { planId: plan } = (data ?? {}) as { readonly planId?: unknown };
  return typeof plan === 'string' ? `${stream} ${plan}` : undefined;
}

function causedBy({ metadata }: StoredEvent): readonly string[] {
  const named = (metadata as Partial<StoredEvent['metadata']> | null)?.causedBy;
  return Array.isArray(named) ? (named as readonly string[]) : [];
}

/** How many lines a reconcile wrote because of each event, by its ordinal. */
function linesOf(stored: StoredEvent): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  if (stored.type !== 'ReconcileFinished') return counts;
  const decoded = decodeEvent(stored);
  if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') return counts;
  for (const { cause } of decoded.event.data.lines)
    if (typeof cause === 'number') counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return counts;
}

function unique(events: readonly (StoredEvent | undefined)[]): FactRef[] {
  const found = new Map<number, FactRef>();
  for (const event of events) if (event !== undefined) found.set(event.ordinal, factOf(event));
  return [...found.values()];
}
