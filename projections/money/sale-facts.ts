import type { LedgerEvent, ServerId, StoredEvent } from '../../events/index.js';
import { FrozenStreams } from '../frozen-streams.js';
import type { EventsOf } from '../projection.js';

const saleTypes = [
  'ServerAdded',
  'ServerTransferred',
  'ServerRemoved',
  'Ipv4AddOnBought',
  'Ipv4AddOnCancelled',
  'Ipv4AddressAllocated',
  'Ipv6PrefixAssigned',
  'Ipv6PrefixReleased',
  'Ipv6PrefixOrdered',
  'Ipv6PrefixOrderCancelled',
  'Ipv6PrefixAllocated',
] as const;
type SaleEvent = EventsOf<(typeof saleTypes)[number]>;
const isSale = (event: LedgerEvent): event is SaleEvent => saleTypes.some((type) => type === event.type);

/** What is kept of an event: what it said, when, where it stands, and its name. */
type Kept<Event extends LedgerEvent> = Event extends LedgerEvent
  ? Pick<Event, 'id' | 'type' | 'data' | 'time' | 'ordinal' | 'foldedAt'>
  : never;
/** A fact that says what is sold to whom. */
export type SaleFact = Kept<SaleEvent>;
export type RateFact = Kept<EventsOf<'AddOnRateSet'>>;

/**
 * Collects what says who was sold which addresses, since when, and at what price, of a log given in its order. Nothing else of the
 * log stays in memory, and every question about money is asked of what is kept here, also one as of an earlier place in the log.
 */
export class SaleFacts {
  /** Ordinal of the last event that was given; -1 before the first. */
  ordinal = -1;
  readonly rates: RateFact[] = [];
  private readonly servers = new Map<ServerId, SaleFact[]>();
  private readonly streams = new FrozenStreams((event) => this.keep(event));

  /** Takes the next event; one that was taken before is passed by. */
  take(stored: StoredEvent): void {
    if (stored.ordinal <= this.ordinal) return;
    this.ordinal = stored.ordinal;
    if (stored.stream.startsWith('server-') || stored.stream.startsWith('rates-')) this.streams.take(stored);
  }

  /** By server, those of one server in log order. */
  ofServers(): Iterable<readonly [ServerId, readonly SaleFact[]]> {
    return this.servers;
  }

  private keep(event: LedgerEvent): void {
    const { id, time, ordinal, foldedAt } = event;
    if (event.type === 'AddOnRateSet')
      this.rates.push({ id, type: event.type, data: event.data, time, ordinal, foldedAt });
    if (!isSale(event)) return;
    const { type, data } = event;
    const fact = { id, type, data, time, ordinal, foldedAt } as SaleFact;
    const facts = this.servers.get(data.serverId);
    if (facts === undefined) this.servers.set(data.serverId, [fact]);
    else facts.push(fact);
  }
}

/** The facts that counted once the event of this ordinal was folded, by (`time`, position). */
export function knownBy<Fact extends { readonly time: number; readonly ordinal: number; readonly foldedAt: number }>(
  facts: readonly Fact[],
  ordinal: number,
): Fact[] {
  return facts.filter(({ foldedAt }) => foldedAt <= ordinal).sort((a, b) => a.time - b.time || a.ordinal - b.ordinal);
}
