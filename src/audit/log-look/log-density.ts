import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseInstant, type StoredEvent } from '../../../events/index.js';
import type { LogView } from '../log-page.js';
import { type EventKind, eventKinds, kindOf } from './event-kind.js';
import { TimeSlots } from './time-slots.js';

/** The events recorded in one stretch of time. */
export interface DensityBucket {
  /** Recorded then or later, and before `to`; RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly events: number;
  /** Ordinal of the first of them. */
  readonly first: number;
  /** By kind; one of which there are none is left out. */
  readonly kinds: Partial<Record<EventKind, number>>;
}

/** How many events the log has of what, and when they were recorded. */
export interface LogDensity {
  /** Events of the log. */
  readonly size: number;
  /** Of so many, from the first on, the rest is told: ask again until it is all. */
  readonly counted: number;
  /** In order; a stretch in which nothing was recorded is left out. */
  readonly buckets: readonly DensityBucket[];
  /** Most events first. */
  readonly types: readonly { readonly type: string; readonly events: number }[];
  /** Of streams that begin so, up to the first hyphen. */
  readonly beginnings: readonly { readonly beginning: string; readonly events: number }[];
}

const pageSize = 1_000;
/** One request must not read a long log. */
const mostCounted = 20_000;
/** Names beyond these are counted together: a stranger may have written them. */
const mostNames = 500;

/**
 * Counts the log by the time at which events were recorded, by type and by the beginnings of its streams. What was counted is
 * kept, in a few hundred KiB whatever the size of the log; each question counts at most 20,000 events more.
 */
export class LogCounts {
  private readonly slots = new TimeSlots(eventKinds.length);
  private readonly types = new Map<string, number>();
  private readonly beginnings = new Map<string, number>();
  private last: StoredEvent | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly log: Pick<LogView, 'readAll' | 'head'>) {}

  /** At most so many stretches of one length, each of whole seconds. */
  async ask(buckets: number): Promise<LogDensity> {
    this.running ??= this.count().finally(() => (this.running = undefined));
    await this.running;
    const counted = (this.last?.ordinal ?? -1) + 1;
    const size = Math.max(counted, ((await this.log.head())?.ordinal ?? -1) + 1);
    return {
      size,
      counted,
      buckets: this.slots.inBuckets(buckets).map(({ from, to, first, counts }) => ({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        events: counts.reduce((sum, one) => sum + one, 0),
        first,
        kinds: Object.fromEntries(
          eventKinds.map((kind, at) => [kind, counts[at] ?? 0] as const).filter(([, count]) => count > 0),
        ),
      })),
      types: sorted(this.types).map(([type, events]) => ({ type, events })),
      beginnings: sorted(this.beginnings).map(([beginning, events]) => ({ beginning, events })),
    };
  }

  private async count(): Promise<void> {
    for (let counted = 0; counted < mostCounted;) {
      const after = this.last === undefined ? {} : { after: this.last.position };
      const { events, next } = await this.log.readAll({ ...after, limit: pageSize });
      for (const event of events) this.take(event);
      counted += events.length;
      if (next === undefined) return;
      await nextTurn(); // The engine has other work between two pages.
    }
  }

  private take(event: StoredEvent): void {
    const at = parseInstant((event.metadata as Partial<StoredEvent['metadata']> | null)?.recordedAt);
    this.slots.add(at, eventKinds.indexOf(kindOf(event)), event.ordinal);
    countIn(this.types, event.type);
    countIn(this.beginnings, beginningOf(event.stream));
    this.last = event;
  }
}

function beginningOf(stream: string): string {
  const hyphen = stream.indexOf('-');
  return hyphen < 0 || stream === 'audit-reads' ? stream : stream.slice(0, hyphen + 1);
}

function countIn(counts: Map<string, number>, name: string): void {
  const known = counts.has(name) || counts.size < mostNames ? name : 'others';
  counts.set(known, (counts.get(known) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}
