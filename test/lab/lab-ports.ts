import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress } from '../../events/index.js';

/** The machine at a port, with what billing sold it. */
export interface LabServer {
  readonly namespace: string;
  readonly mac: MacAddress;
  readonly linkLocal: Ipv6Address;
  readonly ipv4: Ipv4Address;
  readonly prefix: Ipv6Prefix;
}

/** Settings (below /proc/sys) of a gateway that forwards, learns nothing by itself and never asks on these interfaces. */
export function silence(interfaces: readonly string[]): string[] {
  return [
    'net/ipv4/ip_forward=1',
    'net/ipv6/conf/all/forwarding=1',
    ...interfaces.flatMap((name) => [
      `net/ipv6/conf/${name}/addr_gen_mode=1`,
      `net/ipv6/conf/${name}/dad_transmits=0`,
      `net/ipv6/conf/${name}/accept_ra=0`,
      `net/ipv6/conf/${name}/drop_unsolicited_na=1`,
      ...['ipv4', 'ipv6'].flatMap((family) => [
        `net/${family}/neigh/${name}/mcast_solicit=0`,
        `net/${family}/neigh/${name}/ucast_solicit=0`,
      ]),
    ]),
  ];
}

/** What makes a port of the switch the gateway of its VLAN. */
export function gatewayCommands(port: string): string[] {
  return [`addr replace fe80::1/64 dev ${port} nodad`];
}

/** The addresses of a machine; it answers for every address of its prefix. */
export function serverCommands(server: LabServer): string[] {
  return [
    'link set lo up',
    `addr add ${server.ipv4}/32 dev eth0`,
    `addr add ${server.prefix.replace('/48', '1/64')} dev eth0 nodad`,
    `route replace local ${server.prefix} dev lo`,
  ];
}

/** Routes that Linux forgets whenever the interface goes down. */
export const serverRoutes: readonly string[] = [
  'route replace default via 198.51.100.1 dev eth0 onlink',
  'route replace default via fe80::1 dev eth0',
];
