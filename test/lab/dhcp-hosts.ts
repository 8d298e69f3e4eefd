import type { Ipv4Address, Ipv6Address, Vlan } from '../../events/index.js';
import type { DhcpHost4, DhcpHost6 } from '../../src/drivers/dhcp/dhcp.port.js';
import type { Lab, LabPort } from './lab.js';

/** The VLAN of a port of the lab, as its name has it. */
export const vlanOf = (port: LabPort): Vlan => Number(port.slice(4)) as Vlan;

/** What the machine at a port of the lab is handed out by DHCPv4. */
export const labHost4 = ({ servers }: Lab, port: LabPort): DhcpHost4 => ({
  interface: port,
  vlan: vlanOf(port),
  mac: servers[port].mac,
  address: servers[port].ipv4,
  routers: ['198.51.100.1' as Ipv4Address],
  listen: `100.64.0.${vlanOf(port)}` as Ipv4Address,
});

/** The same by DHCPv6. */
export const labHost6 = ({ servers }: Lab, port: LabPort): DhcpHost6 => ({
  interface: port,
  vlan: vlanOf(port),
  mac: servers[port].mac,
  linkLocal: servers[port].linkLocal,
  address: servers[port].prefix.replace('::/48', '::2') as Ipv6Address,
  prefixes: [servers[port].prefix],
});
