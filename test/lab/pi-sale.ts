import type { EventType } from '../../events/index.js';
import type { Pi, PiRack, RackSwitch } from './pi-rack.js';

/** A fact of the sale of a rack, with the id of what it is about. */
export interface SaleFact {
  readonly type: EventType;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What an operator declares of a switch of the rack. */
export function gatewayOf({ name }: RackSwitch): SaleFact {
  const data = { switch: name, addresses: ['fe80::1'], macs: ['52:54:00:ff:00:01'] };
  return { type: 'GatewayDeclared', subject: name, data };
}

/** What billing says of a server that was sold with one prefix and no IPv4. */
export function soldTo({ serverId, port, vlan, mac, prefix }: Pi): SaleFact[] {
  return [
    { type: 'ServerAdded', subject: serverId, data: { serverId, customerId: 'pi-cloud', port, vlan, mac } },
    { type: 'Ipv6PrefixAssigned', subject: serverId, data: { serverId, prefix } },
  ];
}

/** `gateways` of the configuration of an engine that enforces on both switches. @param more what a device has beside */
export function gatewaysOf({ switches }: PiRack, more: (one: RackSwitch) => object = () => ({})): object[] {
  return switches.map((one) => ({
    switch: one.name,
    site: 'default',
    devices: [{ ...deviceOf(one), ...more(one) }],
  }));
}

function deviceOf({ name, namespace, bird, pis }: RackSwitch): object {
  return {
    name,
    mode: 'enforce',
    interfacePattern: 'vlan{vlan}',
    med: 0,
    ports: Object.fromEntries(pis.map(({ port, vlanInterface }) => [port, vlanInterface])),
    stateFile: `./${name}.state.json`,
    driver: { kind: 'linux', netns: namespace, protocol: 155 },
    bgp: { kind: 'bird', ...bird },
  };
}
