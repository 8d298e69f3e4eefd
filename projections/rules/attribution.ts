import type { Observation } from '../observation.js';
import type { Expected, Grants } from './rule.js';

/** A port may be stated as fact only where the capture itself proves it. */
export function portIsFact(observation: Pick<Observation, 'attribution'>): boolean {
  return observation.attribution === 'interface' || observation.attribution === 'vlan';
}

/**
 * The server billing put where the frame came in, where that place is a fact.
 * The frame's own VLAN tag is the sender's word: it picks one of several servers on the port, never a server elsewhere.
 */
export function offenderOf(observation: Observation, grants: Grants): Expected | undefined {
  if (!portIsFact(observation)) return undefined;
  const { port, vlan } = observation;
  const onVlan = vlan === undefined ? undefined : grants.expectedOn(observation.switch, vlan);
  if (onVlan !== undefined && (port === undefined || onVlan.port === port)) return onVlan;
  const onPort = port === undefined ? [] : grants.expectedOnPort(port);
  return onPort.length === 1 ? onPort[0] : undefined;
}

/** True for a MAC the gateway may speak with here. */
export function isGatewayMac(mac: string, observation: Observation, grants: Grants): boolean {
  return grants.isGatewayMac(observation.switch, observation.vlan, mac);
}

/**
 * True for what the gateway itself sends, its answers on behalf of neighbours (proxy ARP) included.
 * Never on a server's port: captures there are inbound only, and the gateway does not come in.
 */
export function isGatewaysOwn(observation: Observation, grants: Grants): boolean {
  if (portIsFact(observation)) return false;
  const { etherSource, claimedMac } = observation;
  return isGatewayMac(etherSource, observation, grants) && isGatewayMac(claimedMac, observation, grants);
}

/** True for the MAC billing bound to a server, and for those it allows beside it. */
export function allows(server: Expected, mac: string): boolean {
  return server.mac === mac || server.otherMacs.some((other) => other === mac);
}

/** The servers that may speak where a frame was heard, as far as the place is a fact; several where they share a port. */
export function serversHere(observation: Observation, grants: Grants): readonly Expected[] {
  if (!portIsFact(observation)) return [];
  const here = offenderOf(observation, grants);
  if (here !== undefined) return [here];
  const { port, vlan } = observation;
  return port === undefined || vlan !== undefined ? [] : grants.expectedOnPort(port);
}

/** True when the frame comes from the MAC billing bound to this place or allowed beside it, and claims for no foreign MAC. */
export function isFromAllowedMac(observation: Observation, grants: Grants): boolean {
  const { etherSource, claimedMac, vlan } = observation;
  const here = portIsFact(observation) ? serversHere(observation, grants) : grants.ownersOfMac(etherSource);
  return here.some(
    (server) =>
      allows(server, etherSource) &&
      allows(server, claimedMac) &&
      server.switch === observation.switch &&
      (vlan === undefined || server.vlan === vlan),
  );
}

/**
 * True when a claim of a sold address comes from its owner: from its port where that is a fact, else by its MACs.
 * An owner whose MAC billing does not know is given the benefit of the doubt where the port is not proven.
 */
export function isFromOwner(observation: Observation, owner: Expected, grants: Grants): boolean {
  const hasOwnersMacs = allows(owner, observation.claimedMac) && allows(owner, observation.etherSource);
  if (!portIsFact(observation)) return owner.mac === undefined || hasOwnersMacs;
  const here = offenderOf(observation, grants);
  if (here !== undefined) return here.serverId === owner.serverId;
  // Several servers share the port and the VLAN names none of them: the owner is one of them if the MAC is its own.
  return owner.port !== undefined && owner.port === observation.port && hasOwnersMacs;
}

/** True for what a device's table or a switch's message says, not a frame. */
export function isTableRow({ kind }: Observation): boolean {
  return kind === 'arp-table' || kind === 'nd-table' || kind === 'mac-table' || kind === 'switch-message';
}

/**
 * True for a row of a table about a place that was sold to nobody. Tables show transit links, uplinks and management
 * too: strange MACs and addresses are normal there.
 */
export function isInfrastructure(observation: Observation, grants: Grants): boolean {
  if (!isTableRow(observation)) return false;
  const { port, vlan } = observation;
  if (port !== undefined && grants.expectedOnPort(port).length > 0) return false;
  return vlan === undefined || grants.expectedOn(observation.switch, vlan) === undefined;
}

/** Where a frame was heard, for a sentence. */
export function placeOf(observation: Observation): string {
  const { port, vlan } = observation;
  const onVlan = vlan === undefined ? '' : ` VLAN ${vlan}`;
  if (port === undefined) return `${observation.switch}${onVlan}`;
  return portIsFact(observation) ? `${port}${onVlan}` : `${observation.switch}${onVlan} (perhaps ${port})`;
}
