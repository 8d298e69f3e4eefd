import type { StoredEvent } from '../../events/index.js';
import type { LogFold } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import { foldAsOf, isKnown, type KnownAt } from './as-of.js';

/** What an audit needs of a log; a reader of a data directory offers no more. */
export type LogReader = Pick<EventStore, 'readAll' | 'readStream' | 'head'>;

const pageSize = 1000;

/**
 * The prefix of a log that an audit question is about. The end is fixed when it is opened, so that several passes
 * over a growing log see the same events.
 */
export class KnownLog {
  private constructor(
    private readonly reader: LogReader,
    private readonly knownAt: KnownAt | undefined,
    private readonly lastOrdinal: number,
  ) {}

  private seen = -1;

  /** Ordinal of the last event of the prefix, as far as a pass has come; -1 before the first. */
  get ordinal(): number {
    return this.seen;
  }

  static async open(reader: LogReader, knownAt?: KnownAt): Promise<KnownLog> {
    const head = await reader.head();
    return new KnownLog(reader, knownAt, head?.ordinal ?? -1);
  }

  /** The prefix in log order, one page at a time. */
  async *pages(): AsyncGenerator<readonly StoredEvent[]> {
    let after: string | undefined;
    do {
      const page = await this.reader.readAll({ ...(after === undefined ? {} : { after }), limit: pageSize });
      const known = page.events.filter((event) => this.has(event));
      this.seen = Math.max(this.seen, known.at(-1)?.ordinal ?? -1);
      if (known.length > 0) yield known;
      if (known.length < page.events.length) return;
      after = page.next;
    } while (after !== undefined);
  }

  /** The events of one stream within the prefix, in order. */
  async stream(name: string): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    let fromRevision: number | undefined = 0;
    while (fromRevision !== undefined) {
      const page = await this.reader.readStream(name, { fromRevision, limit: pageSize });
      events.push(...page.events.filter((event) => this.has(event)));
      const last = page.events.at(-1);
      fromRevision = page.next === undefined || last === undefined ? undefined : last.revision + 1;
    }
    return events;
  }

  /** The map of the prefix as of a valid time (ms since 1970; undefined: all of it). */
  async fold(at?: number): Promise<LogFold> {
    return foldAsOf(this.pages(), at === undefined ? {} : { at });
  }

  private has(event: StoredEvent): boolean {
    return event.ordinal <= this.lastOrdinal && isKnown(event, this.knownAt);
  }
}
