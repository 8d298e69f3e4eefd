import { isAlive } from './assignments.projection.js';
import type { Binding } from './binding.js';
import type { NetworkMap } from './network-map.js';
import type { Expected, Grants } from './rules/rule.js';

/**
 * The map as rules may see it. Answers are those of the map at the moment of the question.
 * A claim that holds is its server's, also while the server is suspended, or waits for its MAC or VLAN; a server
 * removed or not added yet owns nothing.
 * @param ordinal of the last event folded into the map; -1 for an empty one
 */
export function mapGrants(map: NetworkMap, ordinal: number): Grants {
  const isSold = (binding: Binding): boolean => {
    const row = map.assignments.get(binding.serverId);
    return row !== undefined && isAlive(row);
  };
  const soldOnes = (bindings: readonly Binding[]): Expected[] => bindings.filter(isSold).map(expectedOf);
  const sold = (binding: Binding | undefined): Expected | undefined =>
    binding === undefined || !isSold(binding) ? undefined : expectedOf(binding);
  return {
    ordinal,
    ownerOfAddress: (address) => sold(map.holderOfAddress(address)),
    ownersOfMac: (mac) => soldOnes(map.bindingsOfMac(mac)),
    expectedOn: (switchName, vlan) => sold(map.holderOfVlan(switchName, vlan)),
    expectedOnPort: (port) => soldOnes(map.bindingsOnPort(port)),
    isGatewayAddress: (switchName, vlan, address) =>
      map.gatewayOf(switchName, vlan)?.addresses.some((one) => one === address) ?? false,
    isGatewayMac: (switchName, vlan, mac) => map.gatewayOf(switchName, vlan)?.macs.some((one) => one === mac) ?? false,
  };
}

function expectedOf({ serverId, customerId, switch: switchName, port, vlan, mac }: Binding): Expected {
  return { serverId, customerId, switch: switchName, port, vlan, mac };
}
