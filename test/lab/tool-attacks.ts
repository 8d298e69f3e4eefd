/** What a tool is told to do at the third server's port, and what of it has to be in the feed. */
export interface ToolAttack {
  readonly tool: string;
  readonly does: string;
  readonly args: readonly [program: string, ...rest: string[]];
  /** One of these rules; what only rules tell of that are not made yet is not tried. */
  readonly rules: readonly string[];
  /** The forged claim; undefined where the tool makes up as many as it can. */
  readonly claims?: string;
}

const evil = '52:54:00:00:00:66';
const evilLinkLocal = 'fe80::5054:ff:fe00:66';
const victim = (host: string): string => `2001:db8:16::${host}`;
const scapy = (...lines: string[]): readonly [string, ...string[]] => [
  '/usr/bin/python3',
  '-c',
  ['from scapy.all import *', 'conf.verb = 0', ...lines].join('\n'),
];
const isAt = (address: string, mac: string): string =>
  `sendp(Ether(src='${mac}', dst='ff:ff:ff:ff:ff:ff') / ARP(op=2, hwsrc='${mac}', psrc='${address}', pdst='198.51.100.1'), iface='eth0')`;

/** IPv4 addresses of the victim, so that each tool forges one of its own. */
export const victimAddresses = ['198.51.100.31', '198.51.100.32', '198.51.100.33'] as const;
const [first, second, third] = victimAddresses;

/** The floods come last: after them a port's violations are told together. */
export const toolAttacks: readonly ToolAttack[] = [
  {
    tool: 'arping (Habets)',
    does: 'a gratuitous ARP request',
    args: ['arping', '-c', '1', '-U', '-i', 'eth0', '-S', first, '-s', evil, first],
    rules: ['address-spoof'],
    claims: first,
  },
  {
    tool: 'arpspoof (dsniff)',
    does: 'ARP replies to the gateway',
    args: ['arpspoof', '-i', 'eth0', '-t', '198.51.100.1', second],
    rules: ['address-spoof'],
    claims: second,
  },
  {
    tool: 'scapy',
    does: 'an ARP reply',
    args: scapy(isAt(third, evil)),
    rules: ['address-spoof'],
    claims: third,
  },
  {
    tool: 'scapy',
    does: 'an ARP reply as the gateway',
    args: scapy(isAt('198.51.100.1', evil)),
    rules: ['gateway-impersonation'],
    claims: '198.51.100.1',
  },
  {
    tool: 'scapy',
    does: 'an ARP reply for what nobody was sold',
    args: scapy(isAt('198.51.100.99', evil)),
    rules: ['unassigned-address'],
    claims: '198.51.100.99',
  },
  {
    tool: 'scapy',
    does: 'an ARP reply from a MAC that nobody was sold',
    args: scapy(isAt('198.51.100.98', '02:00:5e:00:00:98')),
    rules: ['unknown-mac'],
    claims: '198.51.100.98',
  },
  {
    tool: 'thc-ipv6 fake_advertise6',
    does: 'a neighbour advertisement',
    args: ['atk6-fake_advertise6', '-n', '1', '-w', '1', 'eth0', victim('a'), 'fe80::1', evil],
    rules: ['address-spoof'],
    claims: victim('a'),
  },
  {
    tool: 'thc-ipv6 fake_router6',
    does: 'router advertisements',
    args: ['atk6-fake_router6', 'eth0', '2001:db8:bad::/64'],
    rules: ['rogue-router-advertisement'],
    claims: evilLinkLocal,
  },
  {
    tool: 'ipv6toolkit na6',
    does: 'a neighbour advertisement as the gateway',
    args: [
      ...(['na6', '-i', 'eth0', '-s', evilLinkLocal, '-S', evil, '-d', 'ff02::1', '-t', 'fe80::1'] as const),
      ...['-E', evil, '-o'],
    ],
    rules: ['gateway-impersonation'],
    claims: 'fe80::1',
  },
  {
    tool: 'ipv6toolkit ns6',
    does: 'a neighbour solicitation with a forged source',
    args: ['ns6', '-i', 'eth0', '-s', victim('b'), '-S', evil, '-d', 'fe80::1', '-t', 'fe80::1', '-E', evil],
    rules: ['address-spoof'],
    claims: victim('b'),
  },
  {
    tool: 'ipv6toolkit rd6',
    does: 'a redirect',
    args: [
      ...([
        'rd6',
        '-i',
        'eth0',
        '-s',
        evilLinkLocal,
        '-S',
        evil,
        '-d',
        victim('1'),
        '-r',
        '2001:db8:99::1/128',
      ] as const),
      ...['-t', evilLinkLocal, '-E', evil, '-n'],
    ],
    rules: ['rogue-redirect'],
    claims: evilLinkLocal,
  },
  {
    tool: 'arp-scan',
    does: 'asks for every address of a /24',
    args: ['arp-scan', '-I', 'eth0', '-q', '-r', '1', '198.51.100.0/24'],
    rules: ['neighbour-scan'],
  },
  {
    tool: 'ipv6toolkit ns6',
    does: 'asks for 300 made-up addresses of the victim',
    args: [
      ...(['ns6', '-i', 'eth0', '-s', evilLinkLocal, '-S', evil, '-E', evil, '-d', 'ff02::1'] as const),
      ...['-t', '2001:db8:16::/64', '-T', '300'],
    ],
    rules: ['neighbour-scan'],
  },
  {
    tool: 'thc-ipv6 flood_solicitate6',
    does: 'solicitations from made-up sources',
    args: ['atk6-flood_solicitate6', '-k', 'eth0', 'fe80::1'],
    rules: ['neighbour-exhaustion'],
  },
  {
    tool: 'thc-ipv6 flood_advertise6',
    does: 'advertisements of made-up addresses',
    args: ['atk6-flood_advertise6', '-k', 'eth0'],
    rules: ['neighbour-exhaustion', 'source-inconsistent', 'unknown-mac', 'unassigned-address'],
  },
];
