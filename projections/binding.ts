import type {
  AddOnId,
  CustomerId,
  Ipv4Address,
  Ipv6Address,
  Ipv6Prefix,
  MacAddress,
  OrderId,
  PoolId,
  PortId,
  ServerId,
  SwitchName,
  Vlan,
} from '../events/index.js';

/** A claim that waits, and the server that stands before it in line; of a delegation, the customer. */
export interface Conflict<Holder extends ServerId | CustomerId = ServerId | CustomerId> {
  /** Such as `ipv4 198.51.100.16`, `vlan leaf1/16`, `prefix 2001:db8:16::/48`. */
  readonly claim: string;
  readonly holder: Holder;
}

/**
 * `pending`: a fact is missing (not added yet, or no MAC). `conflicted`: its MAC or VLAN is held by another server.
 * Only an `active` server is granted anything on a device.
 */
export type ServerState = 'active' | 'suspended' | 'pending' | 'conflicted' | 'removed';

export interface SoldAddress {
  readonly addOnId: AddOnId;
  readonly address: Ipv4Address;
  /** Where billing named no address: the pool from which this one was allocated. */
  readonly allocatedFrom?: PoolId;
  /** Set while another server holds the address. */
  readonly heldBy: ServerId | undefined;
  /** Ordinal of the fact that sold it. */
  readonly soldAt: number;
}

export interface SoldPrefix {
  readonly prefix: Ipv6Prefix;
  /** Where billing named no prefix: the order that this one was allocated for. */
  readonly orderId?: OrderId;
  /** The pool that it was allocated from; absent where it came out of a prefix of the customer. */
  readonly allocatedFrom?: PoolId;
  readonly heldBy: ServerId | undefined;
  readonly soldAt: number;
}

/** One server as the map has it: what billing sold, and who holds what it claims. */
export interface Binding {
  readonly serverId: ServerId;
  readonly state: ServerState;
  /** True while billing sells it: added, and not removed since, whatever else is missing or contested. */
  readonly sold: boolean;
  readonly customerId: CustomerId | undefined;
  readonly switch: SwitchName | undefined;
  readonly port: PortId | undefined;
  readonly vlan: Vlan | undefined;
  readonly mac: MacAddress | undefined;
  /** MACs allowed at its place beside `mac`, sorted; nothing is routed to them. Empty for a server that is not sold. */
  readonly otherMacs: readonly MacAddress[];
  /** The handle for the MAC in neighbour entries: billing's own, or EUI-64 of the MAC. */
  readonly linkLocal: Ipv6Address | undefined;
  readonly addresses: readonly SoldAddress[];
  readonly prefixes: readonly SoldPrefix[];
  /** Add-ons bought without an address. */
  readonly unallocated: readonly AddOnId[];
  /** Orders of /64s that have none. */
  readonly unallocatedOrders: readonly OrderId[];
  readonly conflicts: readonly Conflict<ServerId>[];
  readonly link: 'up' | 'down' | 'unknown';
  /** Ordinal of the event that changed what billing said of the server last. */
  readonly changedAt: number;
  /** Ordinal of the latest event by which another server let go of what this one waited for; -1 when it never waited. */
  readonly freedAt: number;
}
