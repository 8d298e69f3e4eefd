import type { PortId } from '../../../events/index.js';
import { type Binding, type NetworkMap, serverGrants, type ViolationRow } from '../../../projections/index.js';
import { portIsFact } from './port-is-fact.js';

/** Why a finding of a survey may be there, short of an attack. */
export const likelyCauses = ['missing-in-billing', 'wrong-mac', 'wrong-port', 'infrastructure', 'unexplained'] as const;
export type LikelyCause = (typeof likelyCauses)[number];

/** The same in words, for tables. */
export const causeText: Readonly<Record<LikelyCause, string>> = {
  'missing-in-billing': 'billing does not know what is there',
  'wrong-mac': 'billing has another MAC for the server',
  'wrong-port': 'billing has the server at another place',
  infrastructure: 'a router or switch of our own, or a redundancy protocol',
  unexplained: 'no mistake of the record explains it: look at it as an attack',
};

/** What the map says around a finding. */
export interface Surroundings {
  /** The servers that billing has on the port. */
  readonly here: readonly Binding[];
  /** The servers that billing has for the MAC at fault. */
  readonly owners: readonly Binding[];
  /** True when the port was seen with the MAC that billing has for its server. */
  readonly boundMacSeen: boolean;
}

// RFC 9568 section 7.3 (VRRP), and what Cisco uses for HSRP and GLBP.
const redundancyMacs = /^(?:00:00:5e:00:0[12]:|00:00:0c:07:ac:|00:00:0c:9f:f|00:05:73:a0:0|00:07:b4:00:)/;

/** True for a MAC that belongs to a group of routers and not to a card. */
export const isRedundancyMac = (mac: string): boolean => redundancyMacs.test(mac);

/** The MAC of a finding that is not what billing has for the place: the claimed one, or that of the frame where only it differs. */
export function macAtFault({ claimedMac, etherSource }: ViolationRow, { here }: Pick<Surroundings, 'here'>): string {
  const isOfServer = (mac: string): boolean => here.some((one) => one.mac === mac);
  return isOfServer(claimedMac) && !isOfServer(etherSource) ? etherSource : claimedMac;
}

export function surroundingsOf(map: NetworkMap, row: ViolationRow): Surroundings {
  const here = row.port === undefined ? [] : aliveOf(map, map.bindingsOnPort(row.port));
  const owners = aliveOf(map, map.bindingsOfMac(macAtFault(row, { here })));
  const sightings = row.port === undefined ? [] : (map.seenMacs.get(row.port)?.sightings ?? []);
  const boundMacSeen = sightings.some((one) => here.some((server) => server.mac === one.mac));
  return { here, owners, boundMacSeen };
}

/**
 * The mistake in billing's record that explains a finding best. A place is compared only where the capture proves the
 * port; a guess would put the blame on the wrong record.
 */
export function likelyCause(row: ViolationRow, around: Surroundings): LikelyCause {
  const mac = macAtFault(row, around);
  if (isRedundancyMac(mac) || isRouterSpeech(row)) return 'infrastructure';
  if (row.port === undefined || !portIsFact(row)) return 'unexplained';
  const [owner, ...otherOwners] = around.owners;
  if (owner !== undefined)
    return otherOwners.length === 0 && isElsewhere(owner, row.port, row.vlan) ? 'wrong-port' : ofKnownMac(row, around);
  if (around.here.length === 0) return 'missing-in-billing';
  return around.here.length === 1 ? 'wrong-mac' : 'unexplained';
}

/** A known MAC at its own place that uses an address nobody was sold. */
function ofKnownMac(row: ViolationRow, { here, owners }: Surroundings): LikelyCause {
  const isItsOwn = owners.some((owner) => here.some((one) => one.serverId === owner.serverId));
  return isItsOwn && row.claimedAddress !== undefined && row.victimServerId === undefined
    ? 'missing-in-billing'
    : 'unexplained';
}

const isRouterSpeech = ({ rule }: ViolationRow): boolean =>
  rule === 'gateway-impersonation' || rule === 'rogue-router-advertisement' || rule === 'rogue-redirect';

function isElsewhere(owner: Binding, port: PortId, vlan: number | undefined): boolean {
  return owner.port !== port || (vlan !== undefined && owner.vlan !== vlan);
}

/** Also those whose MAC billing does not know yet. */
function aliveOf(map: NetworkMap, bindings: readonly Binding[]): Binding[] {
  return bindings.filter(({ serverId }) => serverGrants(map, serverId).alive);
}
