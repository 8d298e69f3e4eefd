import type { Withheld } from '../../projections/index.js';
import type { DhcpLease, DhcpState } from '../drivers/dhcp/dhcp.port.js';
import type { DeviceMode } from './device-status.js';
import type { DhcpLine, WantedHosts } from './dhcp-plan.js';
import type { PartStatus } from './part-status.js';

/** What one server is handed out, as it was read back. */
export interface ServedHost {
  readonly interface: string;
  readonly serverId: string | undefined;
  readonly mac: string;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  readonly prefixes: readonly string[];
  /** Families whose daemon listens there. */
  readonly listens: readonly (4 | 6)[];
  /** What it has now: `198.51.100.16`, `2001:db8:16::/48`. */
  readonly leases: readonly string[];
}

/** What the reactor knows of the DHCP daemons of a device after its last look. */
export interface DhcpStatus extends PartStatus<DhcpLine> {
  readonly mode: DeviceMode;
  readonly families: readonly (4 | 6)[];
  readonly hosts: readonly ServedHost[];
  readonly withheld: readonly Withheld[];
}

/** Before the first look. */
export function startingDhcp(device: string, mode: DeviceMode, families: readonly (4 | 6)[]): DhcpStatus {
  const unknown = { brake: undefined, error: undefined, idle: undefined, planHash: undefined };
  return { device, mode, families, state: 'starting', ...unknown, plan: [], hosts: [], withheld: [] };
}

/** Everything that is handed out, by interface. */
export function servedHosts({ v4, v6, leases }: DhcpState, { byInterface }: WantedHosts): ServedHost[] {
  const leased = new Map<number, string[]>();
  for (const lease of leases) leased.set(lease.vlan, [...(leased.get(lease.vlan) ?? []), leaseInWords(lease)]);
  const names = [...new Set([...(v4?.hosts.keys() ?? []), ...(v6?.hosts.keys() ?? [])])].sort();
  return names.flatMap((name) => {
    const [host4, host6] = [v4?.hosts.get(name), v6?.hosts.get(name)];
    const either = host4 ?? host6;
    if (either === undefined) return [];
    return [
      {
        interface: name,
        serverId: byInterface.get(name)?.serverId,
        mac: either.mac,
        ipv4: host4?.address,
        ipv6: host6?.address,
        prefixes: host6?.prefixes ?? [],
        listens: [
          ...(v4?.listening.has(name) && host4 !== undefined ? [4 as const] : []),
          ...(v6?.listening.has(name) && host6 !== undefined ? [6 as const] : []),
        ],
        leases: leased.get(either.vlan) ?? [],
      },
    ];
  });
}

function leaseInWords({ address, prefixLength }: DhcpLease): string {
  return prefixLength === undefined ? address : `${address}/${prefixLength}`;
}
