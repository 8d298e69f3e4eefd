import { formatIpv6, macBytes, type MacAddress, parseIp, parseIpv4, parseMac, wordsOf } from '../../../events/index.js';
import type { ConfiguredEntry } from './configured-entries.js';
import type { NeighbourChange } from './switch.port.js';

/** Names that IOS prints bare and that no line can be forged with. */
const vrfShape = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const interfaceShape = /^[A-Z][A-Za-z-]{1,31}\d{1,5}(?:[./:]\d{1,5}){0,4}$/;

export const isIosInterface = (name: string): boolean => interfaceShape.test(name);

/** The configuration line that makes a change in a VRF; undefined when a value is not what its type says. */
export function iosLineOf({ change, entry }: NeighbourChange, vrf: string | undefined): string | undefined {
  const address = parseIp(entry.address);
  const mac = parseMac(entry.mac);
  if (address === undefined || mac === undefined || !interfaceShape.test(entry.interface)) return undefined;
  if (vrf !== undefined && !vrfShape.test(vrf)) return undefined;
  const no = change === 'remove' ? 'no ' : '';
  // The VRF of an IPv6 line is that of its interface.
  if (parseIpv4(address) === undefined)
    return `${no}ipv6 neighbor ${formatIpv6(wordsOf(address)).toUpperCase()} ${entry.interface} ${dotted(mac)}`;
  const inVrf = vrf === undefined ? '' : `vrf ${vrf} `;
  return `${no}arp ${inVrf}${address.split('.').map(Number).join('.')} ${dotted(mac)} ARPA`;
}

/** What a line of a running configuration says about static entries; undefined for any other line. */
export function readIosLine(line: string): ConfiguredEntry | undefined {
  const words = line.trimEnd().split(' ');
  if (words[0] === 'ipv6' && words[1] === 'neighbor') {
    const [address, name, mac] = [parseIp(words[2]), words[3], parseMac(words[4])];
    if (address === undefined || parseIpv4(address) !== undefined || name === undefined || mac === undefined)
      return undefined;
    return words.length === 5 ? { vrf: undefined, address, mac, interface: name } : undefined;
  }
  if (words[0] !== 'arp') return undefined;
  const isInVrf = words[1] === 'vrf';
  const vrf = isInVrf ? words[2] : undefined;
  const [second, third, kind, ...rest] = words.slice(isInVrf ? 3 : 1);
  const [address, mac] = [parseIp(second), parseMac(third)];
  if (address === undefined || parseIpv4(address) === undefined || mac === undefined) return undefined;
  if (kind?.toUpperCase() !== 'ARPA' || rest.length > 0 || (isInVrf && !vrfShape.test(vrf ?? ''))) return undefined;
  return { vrf, address, mac, interface: undefined };
}

/** `0200.0000.0001`, from the bytes. */
function dotted(mac: MacAddress): string {
  const digits = macBytes(mac)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${digits.slice(0, 4)}.${digits.slice(4, 8)}.${digits.slice(8, 12)}`;
}
