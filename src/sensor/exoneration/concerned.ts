import { type LedgerEvent, type ServerId, switchOf, type ViolationDetected } from '../../../events/index.js';
import { addOnAddresses, macOf, type NetworkMap, otherMacsOf } from '../../../projections/index.js';
import { addressKey, macKey, portKey, prefixKey, serverKey, switchKey, vlanKey } from './open-violation-index.js';

/** What of a violation, stored or on its way, says whose facts decide about it. */
export type Concerned = Pick<
  ViolationDetected,
  | 'switch'
  | 'port'
  | 'vlan'
  | 'etherSource'
  | 'claimedMac'
  | 'claimedAddress'
  | 'offenderServerId'
  | 'victimServerId'
  | 'judgedAtOrdinal'
>;

/** True where the gateway or a server that a violation concerns has changed since it was judged. */
export function hasNews(map: NetworkMap, row: Concerned): boolean {
  const judgedAt = row.judgedAtOrdinal ?? -1;
  const gateway = map.gateways.get(row.switch)?.declaration.ordinal ?? -1;
  const servers = [...serversConcerned(map, row)];
  return gateway > judgedAt || servers.some((id) => (map.assignments.get(id)?.changedAt ?? -1) > judgedAt);
}

/** Under which keys of the index a fact may find violations: by all that it says, and all that its server has. */
export function keysOfFact(map: NetworkMap, event: LedgerEvent): Set<string> {
  const { data } = event;
  const keys = new Set<string>();
  if (event.type === 'GatewayDeclared' || event.type === 'GatewayRetired')
    return keys.add(switchKey(event.data.switch));
  if (!('serverId' in data) || typeof data.serverId !== 'string') return keys;
  for (const key of keysOfServer(map, data.serverId)) keys.add(key);
  if ('mac' in data && data.mac !== undefined) keys.add(macKey(data.mac));
  if ('port' in data && data.port !== undefined) keys.add(portKey(data.port));
  if ('address' in data && data.address !== undefined) keys.add(addressKey(data.address));
  if ('prefix' in data && data.prefix !== undefined)
    keys.add(prefixKey(data.prefix as Parameters<typeof prefixKey>[0]));
  return keys;
}

/** Under which keys a server's violations stand, by its row as it is now. */
export function keysOfServer(map: NetworkMap, serverId: string): Set<string> {
  const keys = new Set([serverKey(serverId)]);
  const row = map.assignments.get(serverId);
  if (row === undefined) return keys;
  if (row.port !== undefined) keys.add(portKey(row.port.value));
  if (row.port !== undefined && row.vlan !== undefined) keys.add(vlanKey(switchOf(row.port.value), row.vlan.value));
  const own = macOf(row);
  const macs = [...(own === undefined ? [] : [own]), ...row.formerMacs].map(({ value }) => value);
  for (const mac of [...macs, ...otherMacsOf(row)]) keys.add(macKey(mac));
  for (const { value } of addOnAddresses(row)) keys.add(addressKey(value));
  for (const { value } of row.formerAddresses) keys.add(addressKey(value));
  for (const { prefix } of row.prefixes) keys.add(prefixKey(prefix));
  for (const { value } of [...row.allocatedPrefixes, ...row.formerPrefixes]) keys.add(prefixKey(value));
  return keys;
}

/** The servers whose facts decide about a violation, as far as the map of today and the violation itself can tell. */
export function serversConcerned(map: NetworkMap, row: Concerned): Set<ServerId> {
  const { port, vlan, etherSource, claimedMac, claimedAddress, offenderServerId, victimServerId } = row;
  const servers = new Set<ServerId>();
  const add = (...found: readonly ({ readonly serverId: ServerId } | undefined)[]): void => {
    for (const one of found) if (one !== undefined) servers.add(one.serverId);
  };
  for (const serverId of [offenderServerId, victimServerId]) if (serverId !== undefined) servers.add(serverId);
  for (const mac of [etherSource, claimedMac]) add(...map.bindingsOfMac(mac), ...map.rowsOnceNamed(mac));
  if (port !== undefined) add(...map.bindingsOnPort(port));
  if (vlan !== undefined) add(map.holderOfVlan(row.switch, vlan));
  if (claimedAddress !== undefined) add(map.holderOfAddress(claimedAddress), ...map.rowsOnceNamed(claimedAddress));
  return servers;
}
