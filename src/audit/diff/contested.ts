import {
  decodeEvent,
  type EventType,
  type LedgerEvent,
  type PortId,
  type StoredEvent,
  switchOf,
  type Vlan,
} from '../../../events/index.js';
import { historyKeys } from '../../../projections/index.js';
import { givesPrefix } from '../mentions.js';
import { PrefixSet } from './prefix-set.js';

/** The types by which a server can come to stand before another one, or to stand where a link or gateway changed. */
const claimingTypes: ReadonlySet<string> = new Set<EventType>([
  'ServerAdded',
  'ServerMoved',
  'ServerRecordCorrected',
  'Ipv6PrefixAssigned',
  'Ipv6PrefixAllocated',
  'Ipv4AddOnBought',
]);

interface Place {
  readonly port?: PortId;
  readonly vlan?: Vlan;
}

/** All that some servers ever claimed: who says any of it too may be their rival. Says too much rather than too little. */
export class Contested {
  readonly ports = new Set<PortId>();
  readonly switches = new Set<string>();
  private readonly vlans = new Set<number>();
  private readonly places = new Set<string>();
  private readonly addresses = new Set<string>();
  private readonly prefixes = new PrefixSet();

  /** Takes in the events of one server. Its VLAN may come from one event and its switch from another. */
  addServer(events: readonly StoredEvent[]): void {
    const switches = new Set<string>();
    const vlans = new Set<number>();
    for (const event of events.flatMap(claiming)) {
      if (givesPrefix(event)) this.prefixes.add(event.data.prefix);
      if (event.type === 'Ipv4AddOnBought' && event.data.address !== undefined) this.addresses.add(event.data.address);
      const { port, vlan } = placeIn(event);
      if (port !== undefined) switches.add(switchOf(port));
      if (port !== undefined) this.ports.add(port);
      if (vlan !== undefined) vlans.add(vlan);
    }
    for (const name of switches) {
      this.switches.add(name);
      for (const vlan of vlans) this.places.add(`${name}/${vlan}`);
    }
    for (const vlan of vlans) this.vlans.add(vlan);
  }

  /** Under these keys of the address history stands every event that `isClaimedBy` finds. */
  keys(lengths: readonly number[]): string[] {
    return [
      ...[...this.addresses].map(historyKeys.ip),
      ...[...this.places].map(historyKeys.vlanAt),
      ...[...this.switches].map(historyKeys.switchAlone),
      ...[...this.vlans].map(historyKeys.vlanAlone),
      ...this.prefixes.keysOverlapping(historyKeys.prefixes, lengths),
    ];
  }

  /** True for an event by which a server claims what one of these does. */
  isClaimedBy(event: LedgerEvent): boolean {
    if (givesPrefix(event)) return this.prefixes.overlaps(event.data.prefix);
    if (event.type === 'Ipv4AddOnBought')
      return event.data.address !== undefined && this.addresses.has(event.data.address);
    const { port, vlan } = placeIn(event);
    if (port === undefined) return vlan !== undefined && this.vlans.has(vlan);
    return vlan === undefined ? this.switches.has(switchOf(port)) : this.places.has(`${switchOf(port)}/${vlan}`);
  }
}

/** The event where it is one by which something is claimed; asked of every event of a log, so the type comes first. */
export function claiming(stored: StoredEvent): LedgerEvent[] {
  if (!claimingTypes.has(stored.type)) return [];
  const decoded = decodeEvent(stored);
  return decoded.readable ? [decoded.event] : [];
}

/** The port and VLAN that an event gives a server. */
export function placeIn(event: LedgerEvent): Place {
  const { type } = event;
  return type === 'ServerAdded' || type === 'ServerMoved' || type === 'ServerRecordCorrected' ? event.data : {};
}
