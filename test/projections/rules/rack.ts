// One switch with three sold servers and a gateway, and frames as they come in on its ports.
import { formatInstant, type PortId, type StoredEvent, type SwitchName, type Vlan } from '../../../events/index.js';
import {
  type Former,
  type Grants,
  type LinkState,
  LogFold,
  mapGrants,
  type NetbootPrefixes,
  type Observation,
} from '../../../projections/index.js';
import { BoundedMemory, type RuleMemory } from '../../../projections/rules/rule-memory.js';

export type Told = readonly [type: string, data: Record<string, unknown>];

export const mac16 = '52:54:00:00:00:16';
export const mac11 = '52:54:00:00:00:11';
export const mac66 = '52:54:00:00:00:66';
export const strangeMac = '02:de:ad:be:ef:01';
export const gatewayMac = '00:1c:73:00:00:99';
export const gatewayPhysicalMac = '00:1c:73:00:00:98';
export const mac = { 11: mac11, 16: mac16, 66: mac66 } as const;

/** A server on its own port and VLAN, with an IPv4 address and a /48. */
export function sold(number: 11 | 16 | 66, more: { port?: string; mac?: string | null } = {}): Told[] {
  const serverId = `srv-${number}`;
  const itsMac = more.mac === null ? {} : { mac: more.mac ?? mac[number] };
  const port = more.port ?? `leaf1:Ethernet${number}`;
  return [
    ['ServerAdded', { serverId, customerId: `cust-${number}`, port, vlan: number, ...itsMac }],
    ['Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${number}::/48` }],
    ['Ipv4AddOnBought', { serverId, addOnId: `v4-${number}`, address: `198.51.100.${number}` }],
  ];
}

export const gateway: Told = [
  'GatewayDeclared',
  {
    switch: 'leaf1',
    vlans: [11, 16, 66],
    addresses: ['fe80::1', '198.51.100.1'],
    macs: [gatewayMac, gatewayPhysicalMac],
  },
];

export const rack: readonly Told[] = [gateway, ...sold(11), ...sold(16), ...sold(66)];

/** The events as the log would have them, one second apart from 2026-11-01T00:00:00Z on. */
export function stored(told: readonly Told[]): StoredEvent[] {
  return told.map(([type, data], ordinal) => {
    const time = formatInstant(Date.UTC(2026, 10, 1) + ordinal * 1000);
    const { serverId, switch: switchName, port } = data as Readonly<Record<string, string | undefined>>;
    const ofNetwork = switchName === undefined ? `port-${port}` : `gateway-${switchName}`;
    const stream = serverId === undefined ? ofNetwork : `server-${serverId}`;
    return {
      id: `00000000-0000-5000-8000-${ordinal.toString().padStart(12, '0')}`,
      stream,
      type,
      data,
      metadata: { source: 'urn:billing', sourceId: `e${ordinal}`, schemaVersion: 1, time, recordedAt: time },
      revision: 0,
      position: String(ordinal + 1),
      ordinal,
    };
  });
}

export function foldOf(told: readonly Told[]): LogFold {
  const fold = new LogFold();
  for (const event of stored(told)) fold.fold(event);
  return fold;
}

/** @param netboot what machines without a sold IPv4 address are started from */
export function grantsOf(told: readonly Told[], netboot?: NetbootPrefixes): Grants {
  const fold = foldOf(told);
  return mapGrants(fold.map, fold.ordinal, netboot);
}

/** A frame heard on the port of one server, from that server's MAC unless said otherwise. */
export function heardOn(number: 11 | 16 | 21 | 66, frame: Partial<Observation>): Observation {
  const etherSource = frame.etherSource ?? (number === 21 ? strangeMac : mac[number]);
  return {
    kind: 'arp-reply',
    sensor: `leaf1-e${number}`,
    site: 'default',
    switch: 'leaf1' as SwitchName,
    attribution: 'interface',
    port: `leaf1:Ethernet${number}` as PortId,
    vlan: number as Vlan,
    etherSource,
    claimedMac: etherSource,
    tentative: false,
    frameTime: Date.UTC(2026, 10, 2),
    ...frame,
  };
}

/** The same frame heard on an uplink or mirror: nobody knows from which port. */
export function heardSomewhere(vlan: number, frame: Partial<Observation> & { etherSource: string }): Observation {
  const observation = { ...heardOn(16, frame), attribution: 'unknown' as const, vlan: vlan as Vlan };
  delete (observation as { port?: PortId }).port;
  return observation;
}

/** MACs that billing allows a server beside the bound one. */
export function besides(number: 11 | 16 | 66, ...macs: string[]): Told[] {
  return macs.map((one) => ['ServerMacAdded', { serverId: `srv-${number}`, mac: one, purpose: 'other' }]);
}

/** What somebody had once: a server of the rack as it was, and when it ended. */
export function formerly(number: 11 | 16 | 66, endedAt: number, alive = true): Former {
  const [server] = grantsOf(rack).expectedOnPort(`leaf1:Ethernet${number}`);
  if (server === undefined) throw new Error(`no server on Ethernet${number}`);
  return { server, alive, endedAt };
}

/** These grants, with one thing that somebody had before. */
export function remembering(grants: Grants, what: { mac?: string; address?: string }, former: Former): Grants {
  return {
    ...grants,
    formerOwnersOfMac: (one) => (one === what.mac ? [former] : grants.formerOwnersOfMac(one)),
    formerOwnersOfAddress: (one) => (one === what.address ? [former] : grants.formerOwnersOfAddress(one)),
  };
}

/** These grants, with the link of one port. */
export function linked(grants: Grants, port: string, state: LinkState): Grants {
  return { ...grants, linkOf: (one) => (one === port ? state : grants.linkOf(one)) };
}

/** A row of a device's table or a switch's message: the switch's own word, never a fact. */
export function shownBySwitch(
  kind: 'arp-table' | 'nd-table' | 'mac-table' | 'switch-message',
  row: Partial<Observation> & { etherSource: string },
): Observation {
  const observation = { ...heardOn(16, row), kind, attribution: 'mac-table' as const };
  if (!('port' in row)) delete (observation as { port?: PortId }).port;
  return observation;
}

/** The memory of a rule that remembers nothing. */
export const noMemory: RuleMemory = new BoundedMemory(0);
