import {
  type CustomerId,
  type Ipv4Address,
  type IpAddress,
  type Ipv6Prefix,
  type MacAddress,
  type PortId,
  type ServerId,
  type SwitchName,
  switchOf,
  type Vlan,
} from '../events/index.js';
import { type AssignmentRow, isAlive } from './assignments.projection.js';
import type { Binding } from './binding.js';
import { vlanClaim } from './claims.js';
import type { ExceptionGrants } from './exception-grants.js';
import { type Ended, formerAddressesOf, formerMacsOf } from './formers.js';
import { netbootOf, type NetbootPrefixes, noNetboot } from './netboot.js';
import type { NetworkMap } from './network-map.js';

// What judging needs of the map, as flat records that cross to a thread or to another machine: each says everything about
// its key, so that the newest one stands, however often and in whatever order others came before.

/** Something a server had and has no more. */
export type FormerGrant<Value> = Ended<Value>;

/** Everything that judging needs of one server; an absent field is one that billing did not say. */
export interface ServerGrants {
  readonly serverId: ServerId;
  /** False for one removed or not added yet: it owns nothing, and may have had something. */
  readonly alive: boolean;
  readonly suspended: boolean;
  readonly customerId?: CustomerId;
  readonly switch?: SwitchName;
  readonly port?: PortId;
  readonly vlan?: Vlan;
  /** True when the VLAN of the switch is this server's, and not that of one before it in line. */
  readonly holdsVlan: boolean;
  readonly mac?: MacAddress;
  /** MACs allowed at the same place beside `mac`. */
  readonly otherMacs: readonly MacAddress[];
  /** What it was sold and holds, and what it is started with; what waits behind another server is not here. */
  readonly addresses: readonly Ipv4Address[];
  readonly prefixes: readonly Ipv6Prefix[];
  readonly formerMacs: readonly FormerGrant<MacAddress>[];
  readonly formerAddresses: readonly FormerGrant<Ipv4Address>[];
}

/** The gateway of one switch; without a declaration it has none. */
export interface GatewayGrants {
  readonly switch: SwitchName;
  readonly declared?: {
    /** Absent: every VLAN of the switch. */
    readonly vlans?: readonly Vlan[];
    readonly addresses: readonly IpAddress[];
    readonly macs: readonly MacAddress[];
  };
}

/** The link of one port as reported last. */
export interface LinkGrants {
  readonly port: PortId;
  readonly link: 'up' | 'down';
  /** ms since 1970. */
  readonly since: number;
}

/** Some of the records, as the map has them once it has folded the event of this ordinal. */
export interface GrantRecords {
  readonly ordinal: number;
  readonly servers: readonly ServerGrants[];
  readonly gateways: readonly GatewayGrants[];
  readonly links: readonly LinkGrants[];
  readonly exceptions: readonly ExceptionGrants[];
}

/** The record of a server; one that billing never named owns nothing. */
export function serverGrants(map: NetworkMap, serverId: ServerId, netboot = noNetboot): ServerGrants {
  const binding = map.binding(serverId);
  return binding === undefined ? nothingGranted(serverId) : grantsOfBinding(map, binding, netboot);
}

/** As `serverGrants`, for whoever has the binding already. */
export function grantsOfBinding(map: NetworkMap, binding: Binding, netboot = noNetboot): ServerGrants {
  const { serverId, customerId, port, vlan, mac } = binding;
  const row = map.assignments.get(serverId);
  if (row === undefined || !isAlive(row)) return nothingGranted(serverId, row);
  const switchName = port && switchOf(port);
  return {
    serverId,
    alive: true,
    suspended: binding.state === 'suspended',
    ...(customerId !== undefined && { customerId }),
    ...(switchName !== undefined && { switch: switchName }),
    ...(port !== undefined && { port }),
    ...(vlan !== undefined && { vlan }),
    holdsVlan: holdsVlan(binding, switchName),
    ...(mac !== undefined && { mac }),
    otherMacs: binding.otherMacs,
    addresses: [...held(binding.addresses, (one) => one.address), ...startedWith(map, binding, netboot)],
    prefixes: held(binding.prefixes, (one) => one.prefix),
    formerMacs: formerMacsOf(row),
    formerAddresses: formerAddressesOf(row),
  };
}

export function gatewayGrants(map: NetworkMap, switchName: SwitchName): GatewayGrants {
  const declaration = map.gatewayOf(switchName);
  if (declaration === undefined) return { switch: switchName };
  const { vlans, addresses, macs } = declaration;
  return { switch: switchName, declared: { ...(vlans !== undefined && { vlans }), addresses, macs } };
}

/** Undefined for a port of which no link was ever reported. */
export function linkGrants(map: NetworkMap, port: PortId): LinkGrants | undefined {
  const row = map.links.get(port);
  return row === undefined ? undefined : { port, link: row.up ? 'up' : 'down', since: row.time };
}

/** The record of a server that owns nothing; what it had, where it has a row. */
export function nothingGranted(serverId: ServerId, row?: AssignmentRow): ServerGrants {
  return {
    serverId,
    alive: false,
    suspended: false,
    holdsVlan: false,
    otherMacs: [],
    addresses: [],
    prefixes: [],
    formerMacs: row === undefined ? [] : formerMacsOf(row),
    formerAddresses: row === undefined ? [] : formerAddressesOf(row),
  };
}

function holdsVlan({ vlan, conflicts }: Binding, switchName: SwitchName | undefined): boolean {
  if (switchName === undefined || vlan === undefined) return false;
  const key = vlanClaim(switchName, vlan);
  return conflicts.every((one) => one.claim !== key);
}

/** Its own at its own place only, so only for who holds the VLAN; a sold address is its buyer's. */
function startedWith(map: NetworkMap, binding: Binding, netboot: NetbootPrefixes): Ipv4Address[] {
  const { switch: switchName } = binding;
  const start = switchName && netbootOf(netboot.get(switchName), binding)?.machine;
  if (start === undefined || !holdsVlan(binding, switchName)) return [];
  return map.holderOfAddress(start) === undefined ? [start] : [];
}

/** Two add-ons may name one address: it is held once. */
function held<Sold extends { readonly heldBy: ServerId | undefined }, Value>(
  sold: readonly Sold[],
  valueOf: (one: Sold) => Value,
): Value[] {
  return [...new Set(sold.filter((one) => one.heldBy === undefined).map(valueOf))];
}
