import { formatIpv6, macBytes, type MacAddress, parseIp, parseIpv4, parseMac, wordsOf } from '../../../events/index.js';
import type { ConfiguredEntry } from './configured-entries.js';
import type { NeighbourChange } from './switch.port.js';

/** Names that EOS prints bare and that no line can be forged with. */
const vrfShape = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
const interfaceShape = /^[A-Z][A-Za-z-]{1,31}\d{1,5}(?:[./]\d{1,5}){0,4}$/;

export const isEosInterface = (name: string): boolean => interfaceShape.test(name);

/** The configuration line that makes a change in a VRF; undefined when a value is not what its type says. */
export function eosLineOf({ change, entry }: NeighbourChange, vrf: string | undefined): string | undefined {
  const address = parseIp(entry.address);
  const mac = parseMac(entry.mac);
  if (address === undefined || mac === undefined || !interfaceShape.test(entry.interface)) return undefined;
  if (vrf !== undefined && !vrfShape.test(vrf)) return undefined;
  const inVrf = vrf === undefined ? '' : `vrf ${vrf} `;
  if (parseIpv4(address) === undefined) {
    const where = `ipv6 neighbor ${inVrf}${formatIpv6(wordsOf(address))} ${entry.interface}`;
    return change === 'remove' ? `no ${where}` : `${where} ${dotted(mac)}`;
  }
  const where = `arp ${inVrf}${address.split('.').map(Number).join('.')}`;
  return change === 'remove' ? `no ${where}` : `${where} ${dotted(mac)} arpa`;
}

/** What a line of a running configuration says about static entries; undefined for any other line. */
export function readEosLine(line: string): ConfiguredEntry | undefined {
  const words = line.trimEnd().split(' ');
  const isArp = words[0] === 'arp';
  if (!isArp && (words[0] !== 'ipv6' || words[1] !== 'neighbor')) return undefined;
  let at = isArp ? 1 : 2;
  let vrf: string | undefined;
  if (words[at] === 'vrf') {
    vrf = words[at + 1] ?? '';
    if (!vrfShape.test(vrf)) return undefined;
    at += 2;
  }
  const address = parseIp(words[at]);
  const isIpv4 = address !== undefined && parseIpv4(address) !== undefined;
  const name = isArp ? undefined : words[at + 1];
  const mac = parseMac(words[at + (isArp ? 1 : 2)]);
  const rest = words.slice(at + (isArp ? 2 : 3));
  if (address === undefined || mac === undefined || isArp !== isIpv4) return undefined;
  if (isArp ? rest.join(' ') !== 'arpa' : rest.length > 0 || name === undefined) return undefined;
  return { vrf, address, mac, interface: name };
}

/** `0200.0000.0001`, from the bytes. */
function dotted(mac: MacAddress): string {
  const digits = macBytes(mac)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${digits.slice(0, 4)}.${digits.slice(4, 8)}.${digits.slice(8, 12)}`;
}
