import {
  formatIpv4,
  formatMac,
  type IpAddress,
  ipv4Number,
  macNumber,
  type MacAddress,
  parseIpv4,
  parseIpv6,
  parseMac,
} from '../../../events/index.js';
import type { NeighbourChange, NeighbourEntry } from './switch.port.js';

/** No more than a kernel's `dev_valid_name` takes, and no character that means something to iproute2. */
const interfaceShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

/** The iproute2 batch line of a change, or undefined when a value is not what its type says. */
export function commandOf({ change, entry }: NeighbourChange, protocol: number): string | undefined {
  const address = renderAddress(entry.address);
  const mac = renderMac(entry.mac);
  if (address === undefined || mac === undefined || !interfaceShape.test(entry.interface)) return undefined;
  if (change === 'remove') return `neigh del ${address} dev ${entry.interface}`;
  return `neigh replace ${address} lladdr ${mac} dev ${entry.interface} nud permanent protocol ${protocol}`;
}

/** The command that shows the entry at one place, or undefined when the address is none. */
export function questionOf({ address, interface: name }: Pick<NeighbourEntry, 'address' | 'interface'>) {
  const rendered = renderAddress(address);
  return rendered === undefined ? undefined : `neigh get ${rendered} dev ${name}`;
}

/** From the bits of the address: `parseIpv6` writes the words it has read. */
function renderAddress(address: IpAddress): string | undefined {
  if (address.includes(':')) return parseIpv6(address);
  return parseIpv4(address) === undefined ? undefined : formatIpv4(ipv4Number(address));
}

function renderMac(mac: MacAddress): string | undefined {
  return parseMac(mac) === mac ? formatMac(macNumber(mac)) : undefined;
}
