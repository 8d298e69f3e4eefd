import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../../events/index.js';
import { parseInstant } from '../../events/index.js';
import type { LogView } from './log-page.js';

/** Which log it is and how far it goes: enough to compare two of them. */
export interface LogHead {
  readonly logId: string;
  readonly size: number;
  /** Root of the Merkle tree over all events (RFC 6962), 64 hexadecimal digits. */
  readonly root: string;
}

/** What is in a log, counted. */
export interface LogStats extends LogHead {
  /** Of data and metadata as JSON text. */
  readonly bytes: number;
  /** RFC 3339; absent for an empty log. */
  readonly firstRecordedAt?: string;
  readonly lastRecordedAt?: string;
  /** On the average; absent for a log of less than a day. */
  readonly eventsPerDay?: number;
  /** Most events first. */
  readonly types: readonly { readonly type: string; readonly events: number; readonly bytes: number }[];
  /** The part of a stream's name before its first hyphen. */
  readonly families: readonly { readonly family: string; readonly events: number; readonly bytes: number }[];
}

const pageSize = 1000;
const dayMs = 86_400_000;

export async function logHead(log: LogView): Promise<LogHead> {
  const { size, root } = await log.tree.head();
  return { logId: log.logId, size, root: root.toString('hex') };
}

/** Counts a log. What was counted is kept: asked again, it reads only what was stored since. */
export class LogStatistics {
  private readonly types = new Map<string, Count>();
  private readonly families = new Map<string, Count>();
  private first: string | undefined;
  private last: StoredEvent | undefined;
  private running: Promise<LogStats> | undefined;

  constructor(private readonly log: LogView) {}

  /** Those who ask while it counts get the same answer. */
  ask(): Promise<LogStats> {
    this.running ??= this.count().finally(() => (this.running = undefined));
    return this.running;
  }

  private async count(): Promise<LogStats> {
    const head = await logHead(this.log);
    for (let next = (this.last?.ordinal ?? -1) + 1; next < head.size; next = (this.last?.ordinal ?? -1) + 1) {
      const after = this.last === undefined ? {} : { after: this.last.position };
      const page = await this.log.readAll({ ...after, limit: Math.min(pageSize, head.size - next) });
      if (page.events.length === 0) break;
      for (const event of page.events) this.add(event);
      // An engine has other work between two pages.
      await nextTurn();
    }
    return this.told(head);
  }

  private add(event: StoredEvent): void {
    const bytes = Buffer.byteLength(JSON.stringify(event.data)) + Buffer.byteLength(JSON.stringify(event.metadata));
    countOf(this.types, event.type).add(bytes);
    countOf(this.families, event.stream.split('-', 1)[0] ?? '').add(bytes);
    this.first ??= event.metadata.recordedAt;
    this.last = event;
  }

  private told(head: LogHead): LogStats {
    const lastRecordedAt = this.last?.metadata.recordedAt;
    const days = ((parseInstant(lastRecordedAt) ?? 0) - (parseInstant(this.first) ?? 0)) / dayMs;
    const types = sorted(this.types).map(([type, { events, bytes }]) => ({ type, events, bytes }));
    return {
      ...head,
      bytes: types.reduce((sum, one) => sum + one.bytes, 0),
      ...(this.first === undefined ? {} : { firstRecordedAt: this.first }),
      ...(lastRecordedAt === undefined ? {} : { lastRecordedAt }),
      ...(days < 1 ? {} : { eventsPerDay: Math.round((head.size / days) * 10) / 10 }),
      types,
      families: sorted(this.families).map(([family, { events, bytes }]) => ({ family, events, bytes })),
    };
  }
}

class Count {
  events = 0;
  bytes = 0;

  add(bytes: number): void {
    this.events++;
    this.bytes += bytes;
  }
}

function countOf(counts: Map<string, Count>, name: string): Count {
  const count = counts.get(name) ?? new Count();
  counts.set(name, count);
  return count;
}

function sorted(counts: ReadonlyMap<string, Count>): [string, Count][] {
  return [...counts].sort(([a, one], [b, other]) => other.events - one.events || (a < b ? -1 : 1));
}
