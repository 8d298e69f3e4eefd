import { decodeEvent, type StoredEvent, switchOf } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';

const pageSize = 500;

/** The facts of one server's stream, read once and then only for what is new. */
export class ServerFacts {
  private readonly sources = new Set<string>();
  private readonly named = new Set<string>();
  private readonly latest: StoredEvent[] = [];
  private revision = -1;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly serverId: string,
    /** How many of the latest facts are kept of each source. */
    private readonly kept: number,
  ) {}

  /** Reads to the end of the stream. Rejects with a StoreError when the log cannot be read. */
  async read(): Promise<void> {
    for (let more = true; more;) {
      const fromRevision = this.revision + 1;
      const page = await this.store.readStream(`server-${this.serverId}`, { fromRevision, limit: pageSize });
      for (const event of page.events) this.take(event);
      more = page.next !== undefined;
    }
  }

  /** Undefined while nothing stands in the stream. */
  get last(): StoredEvent | undefined {
    return this.latest.at(-1);
  }

  isOf(source: string): boolean {
    return this.sources.has(source);
  }

  /** Every switch the server was ever said to hang on: what was granted there must be gone from there. */
  get switches(): ReadonlySet<string> {
    return this.named;
  }

  /** The newest first; of one source only where one is named. */
  newest(source: string | undefined): StoredEvent[] {
    const facts = this.latest.filter((event) => source === undefined || event.metadata.source === source);
    return facts.reverse().slice(0, this.kept);
  }

  private take(event: StoredEvent): void {
    if (event.revision <= this.revision) return; // Read twice, by two callers at once.
    this.revision = event.revision;
    this.sources.add(event.metadata.source);
    const decoded = decodeEvent(event);
    if (decoded.readable && 'port' in decoded.event.data && decoded.event.data.port !== undefined)
      this.named.add(switchOf(decoded.event.data.port));
    this.latest.push(event);
    const { source } = event.metadata;
    const ofSource = this.latest.filter((one) => one.metadata.source === source);
    const [oldest] = ofSource;
    if (ofSource.length > this.kept && oldest !== undefined) this.latest.splice(this.latest.indexOf(oldest), 1);
  }
}
