import { parseInstant, type StoredEvent } from '../../../events/index.js';
import type { ReadPage } from '../../event-store/event-store.port.js';
import type { LogReader } from '../known-log.js';

type ReadAll = NonNullable<Parameters<LogReader['readAll']>[0]>;
type ReadStream = NonNullable<Parameters<LogReader['readStream']>[1]>;

/** Some events of a log, to be asked as if they were all of it: each keeps its ordinal, and most are missing. */
export class EnclosedLog implements LogReader {
  readonly events: readonly StoredEvent[];

  constructor(
    readonly logId: string,
    events: readonly StoredEvent[],
  ) {
    this.events = [...events].sort((a, b) => a.ordinal - b.ordinal);
  }

  readAll({ after, limit = 1000, backwards = false }: ReadAll = {}): Promise<ReadPage> {
    const all = backwards ? [...this.events].reverse() : this.events;
    const start = after === undefined ? 0 : all.findIndex(({ position }) => position === after) + 1;
    return Promise.resolve(pageOf(all.slice(start), limit, (last) => last.position));
  }

  readStream(stream: string, { fromRevision, limit = 1000, backwards = false }: ReadStream = {}): Promise<ReadPage> {
    const own = this.events.filter((one) => one.stream === stream);
    const from = fromRevision ?? (backwards ? Number.POSITIVE_INFINITY : 0);
    const wanted = backwards
      ? own.filter(({ revision }) => revision <= from).reverse()
      : own.filter(({ revision }) => revision >= from);
    return Promise.resolve(pageOf(wanted, limit, ({ revision }) => String(backwards ? revision - 1 : revision + 1)));
  }

  readAt(ordinals: readonly number[]): Promise<StoredEvent[]> {
    const wanted = new Set(ordinals);
    return Promise.resolve(this.events.filter(({ ordinal }) => wanted.has(ordinal)));
  }

  ordinalsOf(streams: readonly string[]): Promise<number[]> {
    const wanted = new Set(streams);
    return Promise.resolve(this.events.filter(({ stream }) => wanted.has(stream)).map(({ ordinal }) => ordinal));
  }

  head(): Promise<StoredEvent | undefined> {
    return Promise.resolve(this.events.at(-1));
  }

  lastRecordedBy(instant: number): Promise<number> {
    const recorded = this.events.filter(({ metadata }) => (parseInstant(metadata.recordedAt) ?? instant) <= instant);
    return Promise.resolve(recorded.at(-1)?.ordinal ?? -1);
  }
}

function pageOf(all: readonly StoredEvent[], limit: number, nextOf: (last: StoredEvent) => string): ReadPage {
  const events = all.slice(0, limit);
  const last = events.at(-1);
  return { events, next: last === undefined || events.length === all.length ? undefined : nextOf(last) };
}
