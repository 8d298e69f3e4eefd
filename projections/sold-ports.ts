import { type CustomerId, type PortId, type ServerId, switchOf, type SwitchName, type Vlan } from '../events/index.js';
import { isAlive } from './assignments.projection.js';
import type { NetworkMap } from './network-map.js';

/** A server and the port that billing says it hangs on. */
export interface SoldPort {
  readonly port: PortId;
  readonly switch: SwitchName;
  readonly serverId: ServerId;
  readonly customerId: CustomerId | undefined;
  readonly vlan: Vlan | undefined;
}

/**
 * The ports that are sold, once for each server on them, in no order; undefined for a server that has none, so that who
 * takes them in slices knows how far it came.
 */
export function* soldPorts(map: NetworkMap): Iterable<SoldPort | undefined> {
  for (const row of map.assignments.values()) {
    const port = isAlive(row) ? row.port?.value : undefined;
    const { serverId, customer, vlan } = row;
    yield port && { port, switch: switchOf(port), serverId, customerId: customer?.value, vlan: vlan?.value };
  }
}
