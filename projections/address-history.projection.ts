import {
  type JournalLine,
  type LedgerEvent,
  type PortId,
  switchOf,
  type ViolationDetected,
  type Vlan,
} from '../events/index.js';
import { keysAround, type PrefixKeys, prefixLengths } from './address-history-prefixes.js';

/**
 * What an event is found by later: a thing it names, and its ordinal (under `prefixLengths`: a length in use; under the keys of
 * times: a block of the log).
 */
export type Posting = readonly [key: string, value: number];

/** Counts up whenever an event is posted under other keys than before: what was posted by other code is posted anew. */
export const addressHistoryVersion = 7;

const naming: PrefixKeys = { exact: 'prefix', inside: 'inside' };
const claiming: PrefixKeys = { exact: 'claimed', inside: 'claimed-in' };

/** The keys of the address history: under which of them an event stands that names a thing. */
export const historyKeys = {
  /** Sold, spoken with by a gateway, or named as a link-local; prefixes around it are found by `prefixes`. */
  ip: (address: string): string => `ip ${address}`,
  mac: (mac: string): string => `mac ${mac}`,
  /** Sold or moved there. Link events are found by their stream, which is that of the port. */
  port: (port: string): string => `port ${port}`,
  /** Sold, moved or corrected to a port of this switch. */
  onSwitch: (switchName: string): string => `on-switch ${switchName}`,
  /** A sensor heard the MAC there. */
  heard: (port: string, vlan: number, mac: string): string => `heard ${vlan} ${mac} ${port}`,
  /** Both said in one event. */
  vlan: (switchName: string, vlan: number): string => historyKeys.vlanAt(`${switchName}/${vlan}`),
  /** The same, of `SWITCH/VLAN`. */
  vlanAt: (place: string): string => `vlan ${place}`,
  /** Corrected to a port of this switch, and no VLAN said. */
  switchAlone: (switchName: string): string => `switch-alone ${switchName}`,
  /** Corrected to this VLAN, and no port said. */
  vlanAlone: (vlan: number): string => `vlan-alone ${vlan}`,
  prefixes: naming,
  violation: {
    ip: (address: string): string => `violation-ip ${address}`,
    mac: (mac: string): string => `violation-mac ${mac}`,
    port: (port: string): string => `violation-port ${port}`,
    server: (serverId: string): string => `violation-server ${serverId}`,
    addresses: claiming,
  },
  /** A renumbering of this server began; the rest of it is found by its stream. */
  renumberingOf: (serverId: string): string => `renumbering-of ${serverId}`,
  /** A reconcile wrote or took a line of this server, or one that the event of this ordinal caused. */
  lineOf: (serverId: string): string => `line-of ${serverId}`,
  lineBy: (ordinal: number): string => `line-by ${ordinal}`,
  /** A device was read back: any, or this one. */
  reconciled: 'reconciled',
  reconciledOn: (device: string): string => `reconciled ${device}`,
} as const;

/**
 * The address history as a projection whose rows are postings: every event under each thing it names, but for what its
 * stream says already (a server's own events, a port's link). Only ever added to; whoever reads it decodes the event
 * and looks again, so that a key may be shared, but none may be missing.
 */
export function postingsOf(event: LedgerEvent): Posting[] {
  const keys: string[] = [];
  // Most types name nothing beyond what their stream says.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (event.type) {
    case 'ServerAdded':
    case 'ServerMoved':
    case 'ServerNicReplaced':
    case 'ServerRecordCorrected':
    case 'ServerMacAdded':
    case 'ServerMacRemoved':
    case 'ServerMacEnrolled':
    case 'MacSeen':
    case 'LinkUp':
    case 'LinkDown':
      record(keys, event);
      break;
    case 'Ipv6PrefixAssigned':
    case 'Ipv6PrefixAllocated':
    case 'CustomerPrefixDelegated':
    case 'CustomerPrefixAllocated': {
      const found = keysAround(naming, event.data.prefix);
      return [...found.keys.map((key): Posting => [key, event.ordinal]), [prefixLengths, found.length]];
    }
    case 'Ipv4AddOnBought':
    case 'Ipv4AddressAllocated':
      if (event.data.address !== undefined) keys.push(historyKeys.ip(event.data.address));
      break;
    case 'GatewayDeclared':
      for (const address of event.data.addresses) keys.push(historyKeys.ip(address));
      for (const mac of event.data.macs) keys.push(historyKeys.mac(mac));
      break;
    case 'RenumberingStarted':
      keys.push(historyKeys.renumberingOf(event.data.serverId));
      break;
    case 'ViolationDetected':
      violated(keys, event.data);
      break;
    case 'ReconcileFinished':
      keys.push(historyKeys.reconciled, historyKeys.reconciledOn(event.data.device));
      journaled(keys, event.data.lines);
      break;
    default:
      return [];
  }
  return [...new Set(keys)].map((key) => [key, event.ordinal]);
}

interface Recorded {
  readonly mac?: string;
  readonly linkLocal?: string;
  readonly port?: PortId;
  readonly vlan?: Vlan;
}

/** What a server, or who hears one, says of its place and its MAC. */
function record(keys: string[], event: Extract<LedgerEvent, { readonly data: Recorded }>): void {
  const { mac, linkLocal, port, vlan }: Recorded = event.data;
  if (mac !== undefined) keys.push(historyKeys.mac(mac));
  if (linkLocal !== undefined) keys.push(historyKeys.ip(linkLocal));
  const isAtPort = port !== undefined && event.stream === `port-${port}`;
  if (isAtPort && mac !== undefined && vlan !== undefined) keys.push(historyKeys.heard(port, vlan, mac));
  if (isAtPort) return;
  if (port !== undefined) keys.push(historyKeys.port(port), historyKeys.onSwitch(switchOf(port)));
  if (port !== undefined && vlan !== undefined) keys.push(historyKeys.vlan(switchOf(port), vlan));
  else if (port !== undefined) keys.push(historyKeys.switchAlone(switchOf(port)));
  else if (vlan !== undefined) keys.push(historyKeys.vlanAlone(vlan));
}

function violated(keys: string[], { port, claimedAddress, ...rest }: ViolationDetected): void {
  const { violation } = historyKeys;
  if (claimedAddress !== undefined) {
    keys.push(violation.ip(claimedAddress));
    if (claimedAddress.includes(':')) keys.push(...keysAround(violation.addresses, `${claimedAddress}/128`).keys);
  }
  for (const mac of [rest.claimedMac, rest.etherSource]) if (mac !== undefined) keys.push(violation.mac(mac));
  if (port !== undefined) keys.push(violation.port(port));
  for (const serverId of [rest.victimServerId, rest.offenderServerId])
    if (serverId !== undefined) keys.push(violation.server(serverId));
}

function journaled(keys: string[], lines: readonly JournalLine[]): void {
  for (const { serverId, cause } of lines) {
    if (serverId !== undefined) keys.push(historyKeys.lineOf(serverId));
    if (typeof cause === 'number') keys.push(historyKeys.lineBy(cause));
  }
}
