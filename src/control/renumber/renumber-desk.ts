import { randomUUID } from 'node:crypto';
import { type CustomerId, type Ipv6Prefix, prefixBits, prefixContains, type ServerId } from '../../../events/index.js';
import { backStep, type Binding, isEnded, nextStep, type RenumberingRow } from '../../../projections/index.js';
import type { EventStore, NewEvent } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';
import { namedUuid } from '../../reactors/named-uuid.js';
import { controlEvent, type RenumberConductor } from './renumber-conductor.js';
import { etagOf, stateOf } from './renumber-view.js';

/** What somebody wants to be renumbered. */
export interface Wanted {
  readonly serverId?: ServerId;
  readonly customerId?: CustomerId;
  readonly from: Ipv6Prefix;
  readonly to: Ipv6Prefix;
  readonly quietSeconds: number;
}

/** An operator's word on one renumbering, as they saw it. */
export interface RenumberOrder {
  readonly renumberingId: string;
  readonly etag: string;
  readonly word: 'next' | 'back';
  readonly reason?: string;
  /** `next` although the old prefix is not known to be quiet. */
  readonly notQuiet?: boolean;
  readonly by: string;
}

export type RenumberOutcome =
  | { readonly outcome: 'done'; readonly row: RenumberingRow }
  | { readonly outcome: 'unknown' }
  /** Somebody gave an order, or its state changed, since it was seen. */
  | { readonly outcome: 'stale'; readonly row: RenumberingRow }
  | { readonly outcome: 'refused'; readonly row?: RenumberingRow; readonly why: string }
  /** The prefix of this server is being renumbered already. */
  | { readonly outcome: 'under-way'; readonly row: RenumberingRow }
  | { readonly outcome: 'frozen' }
  /** Others kept writing to it, or the map does not follow the log. Nothing was stored. */
  | { readonly outcome: 'busy' }
  /** It is stored; the map does not show it yet. */
  | { readonly outcome: 'unsettled' };

/** So many may be open at once: each is looked at every second, and its old prefix listened for. */
export const mostOpen = 1_000;
const mostTries = 5;
const reachedWithinMs = 10_000;

/** Takes the orders of operators: each is stored at the exact revision at which the renumbering was as they saw it. */
export class RenumberDesk {
  constructor(
    private readonly store: Pick<EventStore, 'append' | 'readStream'>,
    private readonly liveMap: LiveMap,
    private readonly conductor: RenumberConductor,
    /** Wall clock, ms since 1970. */
    private readonly now: () => number = Date.now,
  ) {}

  /** Begins one; asks nothing of anybody yet. */
  async start(wanted: Wanted, by: string): Promise<RenumberOutcome> {
    const { from, to, quietSeconds } = wanted;
    if (from === to) return { outcome: 'refused', why: `${to} is what it has` };
    if (prefixBits(to).length > prefixBits(from).length && prefixContains(from, addressOf(to)))
      return {
        outcome: 'refused',
        why: `${to} lies within ${from}: its use would be the old one's, which never fell silent`,
      };
    const found = this.serverOf(wanted);
    if ('why' in found) return { outcome: 'refused', why: found.why };
    const { serverId, customerId } = found;
    const own = [...this.liveMap.map.renumberings.values()].filter((row) => row.serverId === serverId);
    const underWay = own.find((row) => row.from === from && !isEnded(row.order));
    if (underWay !== undefined) return { outcome: 'under-way', row: underWay };
    const open = this.conductor.openRows().length;
    if (open >= mostOpen)
      return { outcome: 'refused', why: `${open} are under way, which is the most; finish some first` };
    // Two who ask for the same at once get the same id, and one of them comes second.
    const renumberingId = `rn-${namedUuid(`renumbering ${serverId} ${from} ${own.length}`).replaceAll('-', '').slice(0, 12)}`;
    const about = { renumberingId, serverId, ...(customerId !== undefined && { customerId }) };
    const data = { ...about, from, to, quietSeconds, by };
    const event = controlEvent('RenumberingStarted', data, this.now(), randomUUID());
    const stored = await this.append(renumberingId, -1, event);
    return stored === 'changed' ? { outcome: 'busy' } : stored;
  }

  async act(order: RenumberOrder): Promise<RenumberOutcome> {
    for (let tries = 0; tries < mostTries; tries++) {
      const outcome = await this.tryOnce(order);
      if (outcome !== 'changed') return outcome;
    }
    return { outcome: 'busy' };
  }

  private async tryOnce({ renumberingId, etag, word, reason, notQuiet = false, by }: RenumberOrder) {
    const { liveMap } = this;
    const stream = `renumbering-${renumberingId}`;
    const unknown = { outcome: 'unknown' } as const;
    if (liveMap.map.renumberings.get(renumberingId) === undefined) return unknown;
    const { events } = await this.store.readStream(stream, { backwards: true, limit: 1 });
    const [last] = events;
    if (last === undefined) return unknown;
    if (!(await liveMap.reached(last.ordinal, reachedWithinMs))) return { outcome: 'busy' } as const;
    if (liveMap.isFrozen(stream)) return { outcome: 'frozen' } as const;
    const row = liveMap.map.renumberings.get(renumberingId);
    if (row === undefined) return unknown;
    // As it is at this moment, not as it was noted: what was heard since counts.
    const state = stateOf(this.conductor.look(row));
    if (etagOf(row, state) !== etag) return { outcome: 'stale', row } as const;
    const step = word === 'next' ? nextStep(row, state, notQuiet) : backStep(row, state);
    if ('refused' in step) return { outcome: 'refused', row, why: step.refused } as const;
    const said = { renumberingId, serverId: row.serverId, ...step.ask, by, ...(reason !== undefined && { reason }) };
    const type = word === 'next' ? 'RenumberingAdvanced' : 'RenumberingTakenBack';
    return this.append(renumberingId, last.revision, controlEvent(type, said, this.now(), randomUUID()));
  }

  private async append(renumberingId: string, expected: number, event: NewEvent): Promise<RenumberOutcome | 'changed'> {
    const stored = await this.store.append({ stream: `renumbering-${renumberingId}`, expected, events: [event] });
    if (stored.outcome === 'wrong-revision') return 'changed';
    if (stored.outcome !== 'stored')
      throw new Error(`renumbering-${renumberingId}: an order was not stored, the log answered ${stored.outcome}`);
    const isFolded = await this.liveMap.reached(stored.events.at(-1)?.ordinal ?? 0, reachedWithinMs);
    const row = this.liveMap.map.renumberings.get(renumberingId);
    return isFolded && row !== undefined ? { outcome: 'done', row } : { outcome: 'unsettled' };
  }

  /** The server that is meant, and its customer; or why there is none. */
  private serverOf({
    serverId,
    customerId,
    from,
    to,
  }: Wanted): { readonly why: string } | Pick<Binding, 'serverId' | 'customerId'> {
    const { map } = this.liveMap;
    const binding = serverId === undefined ? map.holderOfAddress(addressOf(from)) : map.binding(serverId);
    const whose = serverId ?? `customer ${customerId}`;
    if (binding?.sold !== true || !binding.prefixes.some(({ prefix }) => prefix === from))
      return { why: `${from} is not sold to ${whose}` };
    const order = binding.prefixes.find(({ prefix }) => prefix === from)?.orderId;
    if (order !== undefined)
      return {
        why: `${from} was allocated to the order ${order} of ${binding.serverId}: cancel the order in its place`,
      };
    if (customerId !== undefined && binding.customerId !== customerId)
      return { why: `${from} is of customer ${binding.customerId ?? 'nobody'}, not ${customerId}` };
    const other = map.holderOfAddress(addressOf(to));
    if (other !== undefined && other.serverId !== binding.serverId && other.customerId !== binding.customerId)
      return { why: `${to} is within what is sold to ${other.serverId} of another customer` };
    return { serverId: binding.serverId, customerId: binding.customerId };
  }
}

/** Its first address. */
function addressOf(prefix: Ipv6Prefix): string {
  return prefix.slice(0, prefix.lastIndexOf('/'));
}
