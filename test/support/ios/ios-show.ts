import type { BoxInterface } from '../eapi/eos-box.js';
import type { IosBox } from './ios-box.js';

const headingOf = (name: string, { adminUp, plugged }: BoxInterface): string =>
  `${name} is ${!adminUp ? 'administratively down' : plugged ? 'up' : 'down'}, line protocol is ${adminUp && plugged ? 'up' : 'down'}`;
const vrfLine = ({ vrf }: BoxInterface): string[] => (vrf === 'default' ? [] : [`  VPN Routing/Forwarding "${vrf}"`]);
const isLinkLocal = (address: string): boolean => address.startsWith('fe80:');

/** The first lines of each interface, which is all that anybody here asks for. */
export function showInterfaces(box: IosBox): string {
  const lines = [...box.interfaces].flatMap(([name, port]) => [
    `${headingOf(name, port)} (${port.adminUp && port.plugged ? 'connected' : 'notconnect'})`,
    '  Hardware is Gigabit Ethernet, address is 5254.00ff.0001 (bia 5254.00ff.0001)',
    '  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,',
  ]);
  return `${lines.join('\n')}\n`;
}

export function showIpInterface(box: IosBox): string {
  const lines = [...box.interfaces].flatMap(([name, port]) => {
    const [first, ...others] = port.ipv4;
    if (first === undefined) return [headingOf(name, port), '  Internet protocol processing disabled'];
    return [
      headingOf(name, port),
      `  Internet address is ${first}`,
      '  Broadcast address is 255.255.255.255',
      ...others.map((one) => `  Secondary address ${one}`),
      '  Proxy ARP is disabled',
      ...vrfLine(port),
    ];
  });
  return `${lines.join('\n')}\n`;
}

export function showIpv6Interface(box: IosBox): string {
  const lines = [...box.interfaces].flatMap(([name, port]) => {
    const linkLocal = port.ipv6.find(isLinkLocal);
    if (linkLocal === undefined) return [];
    const globals = port.ipv6
      .filter((one) => !isLinkLocal(one))
      .map((one) => `    ${one.toUpperCase()}, subnet is ${one}/64`);
    return [
      headingOf(name, port),
      `  IPv6 is enabled, link-local address is ${linkLocal.toUpperCase()}`,
      ...vrfLine(port),
      ...(globals.length === 0
        ? ['  No global unicast address is configured']
        : ['  Global unicast address(es):', ...globals]),
      '  Joined group address(es):',
      '    FF02::1',
    ];
  });
  return `${lines.join('\n')}\n`;
}

export function showMacAddressTable(box: IosBox): string {
  const rows = (box.macs ?? []).map(
    ({ vlan, mac, port }) => `${String(vlan).padStart(4)}    ${mac}    DYNAMIC     ${port}`,
  );
  const own = ' All    0100.0ccc.cccc    STATIC      CPU';
  const head = [
    '          Mac Address Table',
    '-'.repeat(43),
    '',
    'Vlan    Mac Address       Type        Ports',
    '----    -----------       --------    -----',
  ];
  return [...head, own, ...rows, `Total Mac Addresses for this criterion: ${rows.length + 1}`, ''].join('\n');
}

export function showIpArp(box: IosBox, vrf: string): string {
  const own = [...box.interfaces].flatMap(([name, port]) =>
    port.vrf === vrf
      ? port.ipv4.map((one) => ({
          address: one.split('/')[0] ?? '',
          mac: '5254.00ff.0001',
          interface: name,
          isStatic: true,
        }))
      : [],
  );
  const rows = [...own, ...box.resolved().filter((row) => row.vrf === vrf && !row.address.includes(':'))];
  const lines = rows.map(
    (row) =>
      `Internet  ${row.address.padEnd(15)}  ${(row.isStatic ? '-' : '8').padStart(9)}   ${row.mac}  ARPA   ${row.interface}`,
  );
  return `Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n${lines.map((line) => `${line}\n`).join('')}`;
}

export function showIpv6Neighbors(box: IosBox, vrf: string): string {
  const rows = box.resolved().filter((row) => row.vrf === vrf && row.address.includes(':'));
  const lines = rows.map(
    (row) =>
      `${row.address.toUpperCase().padEnd(39)} ${(row.isStatic ? '-' : '0').padStart(5)} ${row.mac}  REACH ${short(row.interface)}`,
  );
  return `IPv6 Address                              Age Link-layer Addr State Interface\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** `Vl11`, `Gi1/0/3`. */
const short = (name: string): string => name.replace(/^([A-Za-z]{2})[A-Za-z-]*/, '$1');

export function showRevertTimer({ timer }: IosBox): string {
  if (timer === undefined) return '%No Rollback Confirmed Change pending\n';
  return `Time configured(or reconfigured): 02:56:20 UTC Thu Nov 26 2026\nTimer type: absolute timer\nTimer value: 2 min\nUser: ${timer.user}\n`;
}

export function showRunningConfig(box: IosBox): string {
  const interfaces = [...box.interfaces].flatMap(([name, port]) => [
    `interface ${name}`,
    ...(port.adminUp ? [] : [' shutdown']),
    '!',
  ]);
  return [
    'Building configuration...',
    '',
    'hostname leaf1',
    '!',
    ...interfaces,
    ...[...box.running.values()].sort(),
    'end',
    '',
  ].join('\n');
}
