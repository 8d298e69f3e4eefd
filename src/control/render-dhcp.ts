import { printable, textTable } from '../cli/text-table.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';
import { renderTroubles } from './render-part.js';

/** What every server is handed out, a line each, below what is wrong with it. */
export function renderDhcp(status: DhcpStatus): string {
  const { device, families, mode, state, hosts, withheld } = status;
  const rows = hosts.map((host) => [
    printable(host.interface),
    host.serverId ?? '-',
    host.mac,
    host.ipv4 ?? '-',
    host.ipv6 ?? '-',
    host.prefixes.join(' ') || '-',
    host.listens.map((family) => `v${family}`).join(' ') || 'NOBODY LISTENS',
    host.leases.join(' ') || '-',
  ]);
  return [
    `DHCP of ${printable(device)}: ${families.map((family) => `DHCPv${family}`).join(' and ')}, mode ${mode}, ${state}`,
    ...renderTroubles('dhcp', status),
    '',
    ...(rows.length === 0
      ? ['Nothing is handed out.']
      : [textTable([['INTERFACE', 'SERVER', 'MAC', 'IPV4', 'IPV6', 'DELEGATED', 'LISTENS', 'LEASED NOW'], ...rows])]),
    ...(withheld.length === 0 ? [] : ['', 'Not handed out:']),
    ...withheld.map(({ serverId, what, reason }) => `  ${serverId} ${printable(what)}: ${printable(reason)}`),
  ].join('\n');
}
