import type {
  AddOnId,
  CustomerId,
  Ipv4Address,
  Ipv6Address,
  Ipv6Prefix,
  MacAddress,
  PortId,
  ServerId,
  Vlan,
} from '../../../events/index.js';

/** One add-on as a file has it; the file need not say its id, nor an address where none is allocated yet. */
export interface RecordedAddOn {
  readonly id: AddOnId | undefined;
  readonly address: Ipv4Address | undefined;
}

/** One server as billing's file has it, canonical spellings throughout. */
export interface ServerRecord {
  readonly serverId: ServerId;
  readonly customerId: CustomerId;
  readonly port: PortId;
  readonly vlan: Vlan;
  /** Undefined: the file says nothing about it. */
  readonly mac: MacAddress | undefined;
  readonly linkLocal: Ipv6Address | undefined;
  /** All it was sold; undefined where the file says nothing about prefixes. */
  readonly prefixes: readonly Ipv6Prefix[] | undefined;
  /** All it was sold; undefined where the file says nothing about add-ons. */
  readonly addOns: readonly RecordedAddOn[] | undefined;
  /** Since when, ms since 1970; undefined where neither the row nor --time says. */
  readonly since: number | undefined;
}

/** The id of an add-on that the file gives no id: the same for the same address, so that it is bought once. */
export function addOnIdOf({ id, address }: RecordedAddOn): AddOnId {
  return id ?? (`ip-${address}` as AddOnId);
}
