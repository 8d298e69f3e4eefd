import { formatInstant, parseIpv4, parseMac, type PortId, type Vlan } from '../../../events/index.js';
import type { NetworkMap, ViolationRow } from '../../../projections/index.js';
import { portIsFact } from './port-is-fact.js';
import { isRedundancyMac, type LikelyCause, macAtFault, type Surroundings } from './likely-cause.js';

/** An event that would settle a finding, as CloudEvents JSON; `null` stands where only a person knows what belongs there. */
export interface ProposedEvent {
  readonly specversion: '1.0';
  readonly id: string;
  /** The source that the publishing token is bound to. */
  readonly source: null;
  readonly type: string;
  readonly subject: string | null;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Billing's or the operator's events that would settle a finding of this cause; none where a person has to look first. */
export function proposedEvents(
  cause: LikelyCause,
  row: ViolationRow,
  around: Surroundings,
  map: NetworkMap,
): ProposedEvent[] {
  const mac = parseMac(macAtFault(row, around));
  if (mac === undefined) return [];
  const [here] = around.here;
  const [owner] = around.owners;
  switch (cause) {
    case 'wrong-mac':
      return here === undefined ? [] : [ofOtherMac(row, here.serverId, here.mac, mac, around.boundMacSeen)];
    case 'wrong-port': {
      const place = placeOf(row);
      if (owner === undefined || place === undefined) return [];
      return [event(row, 'ServerRecordCorrected', owner.serverId, { ...place, reason: reasonOf(row) })];
    }
    case 'missing-in-billing':
      return here === undefined ? [ofUnknownServer(row, mac)] : ofUnsoldAddress(row, here.serverId);
    case 'infrastructure':
      return portIsFact(row) ? ofRedundancy(row, mac, here?.serverId) : [ofGateway(row, mac, map)];
    case 'unexplained':
      return [];
  }
}

/** A MAC beside one that is in use is one more; in place of one that was seen, another card; otherwise the record was wrong. */
function ofOtherMac(
  row: ViolationRow,
  serverId: string,
  bound: string | undefined,
  mac: string,
  boundMacSeen: boolean,
): ProposedEvent {
  if (bound === undefined || !boundMacSeen)
    return event(row, 'ServerRecordCorrected', serverId, { mac, reason: reasonOf(row) });
  return event(row, 'ServerMacAdded', serverId, { mac, purpose: 'other' });
}

function ofUnknownServer(row: ViolationRow, mac: string): ProposedEvent {
  return event(row, 'ServerAdded', null, { customerId: null, ...placeOf(row), mac });
}

function ofUnsoldAddress(row: ViolationRow, serverId: string): ProposedEvent[] {
  const address = parseIpv4(row.claimedAddress);
  if (address !== undefined) return [event(row, 'Ipv4AddOnBought', serverId, { addOnId: null, address })];
  return row.claimedAddress === undefined ? [] : [event(row, 'Ipv6PrefixAssigned', serverId, { prefix: null })];
}

/** A customer's own routers may share a MAC; a gateway of ours does not come in at a server's port. */
function ofRedundancy(row: ViolationRow, mac: string, serverId: string | undefined): ProposedEvent[] {
  if (serverId === undefined || !isRedundancyMac(mac) || row.rule !== 'unknown-mac') return [];
  return [event(row, 'ServerMacAdded', serverId, { mac, purpose: 'vrrp' })];
}

/** As it is declared, with one more MAC, and the address it was heard to claim. */
function ofGateway(row: ViolationRow, mac: string, map: NetworkMap): ProposedEvent {
  const declared = map.gatewayOf(row.switch);
  const { vlans, addresses = [], macs = [] } = declared ?? {};
  const claimed = row.claimedAddress === undefined || row.victimServerId !== undefined ? [] : [row.claimedAddress];
  const data = {
    switch: row.switch,
    ...(vlans !== undefined && { vlans }),
    addresses: [...new Set<string>([...addresses, ...claimed])],
    macs: [...new Set<string>([...macs, mac])],
  };
  return { ...event(row, 'GatewayDeclared', row.switch, {}), data };
}

function placeOf({ port, vlan }: ViolationRow): { readonly port: PortId; readonly vlan: Vlan } | undefined {
  return port === undefined || vlan === undefined ? undefined : { port, vlan };
}

const reasonOf = ({ violationId }: ViolationRow): string => `seen in the survey, violation ${violationId}`;

/** True since the finding was heard first: any later fact of billing wins over it. */
function event(
  row: ViolationRow,
  type: string,
  subject: string | null,
  data: Readonly<Record<string, unknown>>,
): ProposedEvent {
  const time = formatInstant(row.firstSeen);
  const id = `survey-${row.violationId}`;
  return { specversion: '1.0', id, source: null, type, subject, time, data: { serverId: subject, ...data } };
}
