import { contractOf, formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';
import type { ReadPage } from '../../src/event-store/event-store.port.js';
import type { LogReader } from '../../src/audit/known-log.js';

/** Small pages, so that every question meets page ends. */
const pageSize = 3;

export interface Told {
  readonly type: string;
  readonly data: object;
  /** RFC 3339; when it became true. */
  readonly time: string;
  /** Default: `time`, but never before the event before it. */
  readonly recordedAt?: string;
  /** Default: as the type's contract says. */
  readonly stream?: string;
}

type ReadAll = NonNullable<Parameters<LogReader['readAll']>[0]>;
type ReadStream = NonNullable<Parameters<LogReader['readStream']>[1]>;

/** A log in memory that orders, counts and pages as a store does. */
export class MemoryLog implements LogReader {
  readonly logId: string = '00000000-0000-4000-9000-000000000000';
  readonly events: StoredEvent[] = [];

  static of(facts: readonly Told[]): MemoryLog {
    const log = new MemoryLog();
    for (const fact of facts) log.tell(fact);
    return log;
  }

  tell({ type, data, time, recordedAt = time, stream }: Told): StoredEvent {
    const ordinal = this.events.length;
    const name = stream ?? contractOf(type)?.stream?.(data) ?? 'stray';
    const before = parseInstant(this.events.at(-1)?.metadata.recordedAt) ?? 0;
    const stored: StoredEvent = {
      id: `00000000-0000-4000-8000-${String(ordinal).padStart(12, '0')}`,
      stream: name,
      type,
      data,
      metadata: {
        source: 'https://billing.example',
        sourceId: String(ordinal),
        schemaVersion: 1,
        time,
        recordedAt: formatInstant(Math.max(before, parseInstant(recordedAt) ?? 0)),
      },
      revision: this.events.filter((one) => one.stream === name).length,
      position: String(ordinal + 1),
      ordinal,
    };
    this.events.push(stored);
    return stored;
  }

  readAll({ after, limit = 1000, backwards = false }: ReadAll = {}): Promise<ReadPage> {
    if (backwards) {
      const before = this.events.filter(({ position }) => after === undefined || Number(position) < Number(after));
      return page(before.reverse(), 0, limit, (last) => last.position);
    }
    return page(this.events, Number(after ?? 0), limit, (last) => last.position);
  }

  readStream(stream: string, { fromRevision, limit = 1000, backwards = false }: ReadStream = {}): Promise<ReadPage> {
    const own = this.events.filter((one) => one.stream === stream);
    if (backwards) {
      const before = own.filter(({ revision }) => fromRevision === undefined || revision <= fromRevision);
      return page(before.reverse(), 0, limit, (last) => String(last.revision - 1));
    }
    return page(own, fromRevision ?? 0, limit, (last) => String(last.revision + 1));
  }

  readAt(ordinals: readonly number[]): Promise<StoredEvent[]> {
    return Promise.resolve(this.events.filter(({ ordinal }) => ordinals.includes(ordinal)));
  }

  ordinalsOf(streams: readonly string[]): Promise<number[]> {
    const wanted = new Set(streams);
    return Promise.resolve(this.events.filter(({ stream }) => wanted.has(stream)).map(({ ordinal }) => ordinal));
  }

  head(): Promise<StoredEvent | undefined> {
    return Promise.resolve(this.events.at(-1));
  }
}

function page(
  all: readonly StoredEvent[],
  from: number,
  limit: number,
  nextOf: (last: StoredEvent) => string,
): Promise<ReadPage> {
  const events = all.slice(from, from + Math.min(limit, pageSize));
  const last = events.at(-1);
  const more = from + events.length < all.length && last !== undefined;
  return Promise.resolve({ events, next: more ? nextOf(last) : undefined });
}
