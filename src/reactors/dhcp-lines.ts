import type { DhcpHost4, DhcpHost6, DhcpLease, DhcpState } from '../drivers/dhcp/dhcp.port.js';

/** What stands for DHCPv4 of one host in our own notation, the listening socket apart. */
export function lines4({ interface: name, mac, address, routers, listen }: DhcpHost4): string[] {
  return [
    `dhcp4 ${name} ${mac} ${address}`,
    ...routers.map((router) => `dhcp4 ${name} router ${router}`),
    `dhcp4 ${name} at ${listen}`,
  ];
}

/** What stands for DHCPv6 of one host, the listening socket apart. */
export function lines6({ interface: name, mac, linkLocal, address, prefixes }: DhcpHost6): string[] {
  return [
    ...(address === undefined ? [] : [`dhcp6 ${name} ${mac} ${address}`]),
    ...prefixes.map((prefix) => `dhcp6 ${name} ${mac} ${prefix}`),
    `dhcp6 ${name} known by ${linkLocal}`,
  ];
}

/** That the socket of a daemon stands open at an interface. */
export const listenLine = (family: 4 | 6, name: string): string => `dhcp${family} ${name} listens`;
/** That something of ours was changed by somebody else. */
export const alteredLine = (family: 4 | 6, name: string): string => `dhcp${family} ${name} altered`;
/** What all interfaces share. */
export const settingsLine = (family: 4 | 6): string => `dhcp${family} settings`;
/** That the daemon would start with what it runs with. */
export const savedLine = (family: 4 | 6): string => `dhcp${family} saved`;

/** A lease; whose it is, is cut where a DUID is longer than a line should be. */
export function leaseLine({ family, vlan, address, prefixLength, mac, duid }: DhcpLease): string {
  const what = prefixLength === undefined ? address : `${address}/${prefixLength}`;
  return `lease${family} vlan ${vlan} ${what} of ${duid?.slice(0, 120) ?? mac ?? 'nobody known'}`;
}

/** Every line that the daemons of a device hold. */
export function heldDhcpLines({ v4, v6, leases }: DhcpState): Set<string> {
  const lines = new Set(leases.map(leaseLine));
  const families = [
    { family: 4 as const, state: v4, of: [...(v4?.hosts.values() ?? [])].flatMap(lines4) },
    { family: 6 as const, state: v6, of: [...(v6?.hosts.values() ?? [])].flatMap(lines6) },
  ];
  for (const { family, state, of } of families) {
    if (state === undefined) continue;
    for (const line of of) lines.add(line);
    for (const name of state.hosts.keys()) if (state.listening.has(name)) lines.add(listenLine(family, name));
    for (const name of state.altered) lines.add(alteredLine(family, name));
    if (state.settings === 'intact') lines.add(settingsLine(family));
    if (state.saved) lines.add(savedLine(family));
  }
  return lines;
}
