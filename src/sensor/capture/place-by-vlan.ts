import type { Grants, Observation } from '../../../projections/index.js';

/**
 * The observation with its port where the VLAN tag names it: on a trunk or a mirror port the outer tag was put there by
 * the switch, and billing says which port that VLAN is. To be asked by whoever judges, with the grants of that moment.
 */
export function placeByVlan(observation: Observation, grants: Grants): Observation {
  const { attribution, port, vlan } = observation;
  if (attribution !== 'vlan' || port !== undefined || vlan === undefined) return observation;
  const expected = grants.expectedOn(observation.switch, vlan)?.port;
  return expected === undefined ? observation : { ...observation, port: expected };
}
