import { printable, textTable } from '../cli/text-table.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';

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
    ...troubles(status),
    '',
    ...(rows.length === 0
      ? ['Nothing is handed out.']
      : [textTable([['INTERFACE', 'SERVER', 'MAC', 'IPV4', 'IPV6', 'DELEGATED', 'LISTENS', 'LEASED NOW'], ...rows])]),
    ...(withheld.length === 0 ? [] : ['', 'Not handed out:']),
    ...withheld.map(({ serverId, what, reason }) => `  ${serverId} ${printable(what)}: ${printable(reason)}`),
  ].join('\n');
}

function troubles({ device, error, brake, idle, plan, planHash }: DhcpStatus): string[] {
  const waits = plan.length > 0 && (brake !== undefined || idle !== undefined);
  return [
    ...(error === undefined ? [] : [`FAILING  ${printable(error)}`]),
    ...(brake === undefined ? [] : [`BRAKED   ${brake.code}: ${printable(brake.detail)}`]),
    ...(idle === undefined ? [] : [`Nothing is written: ${printable(idle)}.`]),
    ...(waits ? [`${plan.length} lines wait; to do them: portledger dhcp apply ${printable(device)} ${planHash}`] : []),
    ...plan.slice(0, 20).map(({ change, line }) => `  ${change === 'add' ? '+' : '-'} ${printable(line)}`),
    ...(plan.length > 20 ? [`  and ${plan.length - 20} more`] : []),
  ];
}
