import { type IpAddress, parseIp, parseIpv4, parseMac } from '../../../events/index.js';
import type { ConfiguredEntry, ResolvedRow, RoutedInterface, Subnet } from './configured-entries.js';
import { readIosLine } from './ios-lines.js';

interface Section {
  readonly name: string;
  readonly adminUp: boolean;
  readonly up: boolean;
  readonly text: readonly string[];
}

const heading = /^([A-Za-z][A-Za-z0-9/._:-]{0,63}) is (administratively down|[a-z]+), line protocol is (up|down)\b/;

/** The parts of `show ip interface` and of `show ipv6 interface`: what is about an interface is indented under its heading. */
function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const found = heading.exec(line);
    if (found === null) lines.push(line);
    else {
      const [, name = '', state, protocol] = found;
      lines = [];
      sections.push({
        name,
        adminUp: state !== 'administratively down',
        up: state === 'up' && protocol === 'up',
        text: lines,
      });
    }
  }
  return sections;
}

/** The routed interfaces by name, out of `show ip interface` and `show ipv6 interface`. */
export function iosInterfacesOf(ip: string, ipv6: string): Map<string, RoutedInterface> {
  const states = new Map<string, RoutedInterface>();
  for (const { name, adminUp, up, text } of [...sectionsOf(ip), ...sectionsOf(ipv6)]) {
    const known = states.get(name);
    const subnets = [...(known?.subnets ?? []), ...text.flatMap(subnetOf)];
    const vrf = known?.vrf ?? text.map(vrfOf).find((one) => one !== undefined);
    const addresses = new Set([
      ...(known?.addresses ?? []),
      ...subnets.map((one) => one.network),
      ...text.flatMap(ipv6AddressOf),
    ]);
    const inVrf = vrf === undefined ? {} : { vrf };
    states.set(name, { name, adminUp, carrier: adminUp && up, addresses: [...addresses], subnets, ...inVrf });
  }
  return states;
}

function subnetOf(line: string): Subnet[] {
  const [, text, length] = /^ {2}(?:Internet address is|Secondary address) (\S+)\/(\d{1,2})\s*$/.exec(line) ?? [];
  const network = parseIpv4(text);
  return network === undefined ? [] : [{ network, length: Number(length) }];
}

const vrfOf = (line: string): string | undefined => /^ {2}VPN Routing\/Forwarding "([^"]+)"/.exec(line)?.[1];

function ipv6AddressOf(line: string): IpAddress[] {
  const [, linkLocal, global] = /^ {2}IPv6 is \S+, link-local address is (\S+)|^ {4}(\S+), subnet is /.exec(line) ?? [];
  const address = parseIp(linkLocal ?? global);
  return address === undefined ? [] : [address];
}

/** The rows of `show ip arp [vrf V]`: an age of `-` is a static entry, or an address of the box itself. */
export function iosArpOf(text: string, vrf: string | undefined, own: ReadonlySet<string>): ResolvedRow[] {
  return text.split('\n').flatMap((line): ResolvedRow[] => {
    const [, second, age, third, name] =
      /^Internet\s+(\S+)\s+(\d+|-)\s+([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\s+ARPA\s+(\S+)\s*$/i.exec(line) ?? [];
    const [address, mac] = [parseIpv4(second), parseMac(third)];
    if (address === undefined || mac === undefined || name === undefined || own.has(address)) return [];
    return [{ vrf, address, mac, interface: name, isStatic: age === '-' }];
  });
}

/** The rows of `show ipv6 neighbors [vrf V]`, where interfaces are short: `Vl11` is Vlan11. */
export function iosNeighborsOf(text: string, vrf: string | undefined, interfaces: Iterable<string>): ResolvedRow[] {
  const names = [...interfaces];
  return text.split('\n').flatMap((line): ResolvedRow[] => {
    const [, second, age, third, short] =
      /^([0-9a-f:]+)\s+(\d+|-)\s+([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\s+[A-Z]+\s+(\S+)\s*$/i.exec(line) ?? [];
    const [address, mac] = [parseIp(second), parseMac(third)];
    if (address === undefined || mac === undefined || short === undefined) return [];
    return [{ vrf, address, mac, interface: longName(short, names), isStatic: age === '-' }];
  });
}

function longName(short: string, names: readonly string[]): string {
  const [, letters = '', numbers = ''] = /^([A-Za-z-]+)(.*)$/.exec(short) ?? [];
  const fits = names.filter((name) => name.startsWith(letters) && name.replace(/^[A-Za-z-]+/, '') === numbers);
  return fits.length === 1 && fits[0] !== undefined ? fits[0] : short;
}

/** The static entries of a running configuration; an IPv6 line stands in the VRF of its interface. */
export function iosStaticsOf(
  configuration: string,
  interfaces: ReadonlyMap<string, RoutedInterface>,
): ConfiguredEntry[] {
  return configuration.split('\n').flatMap((line) => {
    const one = readIosLine(line);
    if (one === undefined) return [];
    return one.interface === undefined ? [one] : [{ ...one, vrf: interfaces.get(one.interface)?.vrf }];
  });
}

/** Who set the revert timer that runs, by `show archive config rollback timer`; undefined where none runs. */
export function iosRevertOf(text: string): string | undefined {
  return /^Timer type: /m.test(text) ? (/^User: *(\S+)/m.exec(text)?.[1] ?? 'somebody') : undefined;
}
