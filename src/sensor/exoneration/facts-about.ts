import type { StoredEvent } from '../../../events/index.js';
import type { NetworkMap } from '../../../projections/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import { type Concerned, serversConcerned } from './concerned.js';

const pageSize = 500;
/** Of a port's links so many events are looked at, the latest first. */
const mostLinkEvents = 2_000;

/**
 * The facts that decide about violations, read from the log as it was at an ordinal. Each stream is read once, so several
 * violations of one place cost little more than one.
 */
export class FactsAbout {
  private readonly streams = new Map<string, Promise<StoredEvent[]>>();

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly map: NetworkMap,
    private readonly upTo: number,
  ) {}

  /** The facts of the servers concerned and of `more`, the gateway and the port's link, in log order. Rejects with a StoreError. */
  async of(concerned: Concerned, more: Iterable<string> = []): Promise<StoredEvent[]> {
    const servers = new Set([...serversConcerned(this.map, concerned), ...more]);
    const streams = [...[...servers].map((id) => `server-${id}`), `gateway-${concerned.switch}`];
    const facts: StoredEvent[] = [];
    for (const stream of streams) facts.push(...(await this.once(stream, () => this.whole(stream))));
    const { port } = concerned;
    if (port !== undefined) facts.push(...(await this.once(`port-${port}`, () => this.links(port))));
    return facts.filter((event) => event.ordinal <= this.upTo).sort((a, b) => a.ordinal - b.ordinal);
  }

  private once(stream: string, read: () => Promise<StoredEvent[]>): Promise<StoredEvent[]> {
    const known = this.streams.get(stream) ?? read();
    this.streams.set(stream, known);
    return known;
  }

  private async whole(stream: string): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    for (;;) {
      const fromRevision = (found.at(-1)?.revision ?? -1) + 1;
      const { events, next } = await this.store.readStream(stream, { fromRevision, limit: pageSize });
      found.push(...events);
      if (next === undefined) return found;
    }
  }

  private async links(port: string): Promise<StoredEvent[]> {
    const { events } = await this.store.readStream(`port-${port}`, { limit: mostLinkEvents, backwards: true });
    return events.filter(({ type }) => type === 'LinkUp' || type === 'LinkDown');
  }
}
