import type { PortId, ServerId, SwitchName, Vlan } from '../../events/index.js';
import { formatIpv4, formatMac, formatPrefix } from '../../events/index.js';
import type { GrantRecords, ServerGrants } from '../../projections/index.js';

/** Servers by number, each on a port and a VLAN of its own, 4,000 a switch, with an IPv4 address and a /64. */
export const serversASwitch = 4_000;

export const switchOf = (server: number): SwitchName => `leaf${Math.floor(server / serversASwitch)}` as SwitchName;
export const vlanOf = (server: number): Vlan => ((server % serversASwitch) + 1) as Vlan;
export const portOf = (server: number): PortId =>
  `${switchOf(server)}:Ethernet${(server % serversASwitch) + 1}` as PortId;
export const macOf = (server: number): number => 0x020000000000 + server;
export const ipv4Of = (server: number): number => 0x0a000000 + server;

/** Their records, some at a time. */
export function* recordsOf(servers: number): Generator<GrantRecords> {
  for (let from = 0; from < servers; from += 500) {
    const some = Array.from({ length: Math.min(500, servers - from) }, (_, index) => recordOf(from + index));
    yield { ordinal: from, servers: some, gateways: [], links: [], exceptions: [] };
  }
}

function recordOf(server: number): ServerGrants {
  return {
    serverId: `srv-${server}` as ServerId,
    alive: true,
    suspended: false,
    customerId: `cust-${server >>> 2}` as NonNullable<ServerGrants['customerId']>,
    switch: switchOf(server),
    port: portOf(server),
    vlan: vlanOf(server),
    holdsVlan: true,
    mac: formatMac(macOf(server)),
    otherMacs: [],
    addresses: [formatIpv4(ipv4Of(server))],
    prefixes: [formatPrefix([0x20010db8, server, 0, 0], 64)],
    formerMacs: [],
    formerAddresses: [],
  };
}
