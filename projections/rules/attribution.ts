import type { Observation } from '../observation.js';
import type { Expected, Grants } from './rule.js';

/** A port may be stated as fact only where the capture itself proves it. */
export function portIsFact(observation: Observation): boolean {
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

/** True when the frame comes from the MAC billing bound to this place, and claims for no other MAC. */
export function isFromBoundMac(observation: Observation, grants: Grants): boolean {
  const { etherSource, claimedMac, vlan } = observation;
  if (etherSource !== claimedMac) return false;
  if (portIsFact(observation)) {
    const here = offenderOf(observation, grants);
    return here?.mac === etherSource && (vlan === undefined || here.vlan === vlan);
  }
  return grants
    .ownersOfMac(etherSource)
    .some((owner) => owner.switch === observation.switch && (vlan === undefined || owner.vlan === vlan));
}

/** Where a frame was heard, for a sentence. */
export function placeOf(observation: Observation): string {
  const { port, vlan } = observation;
  const onVlan = vlan === undefined ? '' : ` VLAN ${vlan}`;
  if (port === undefined) return `${observation.switch}${onVlan}`;
  return portIsFact(observation) ? `${port}${onVlan}` : `${observation.switch}${onVlan} (perhaps ${port})`;
}
