import {
  formatIpv6,
  type IpAddress,
  macBytes,
  type MacAddress,
  parseIp,
  parseIpv4,
  parseMac,
  wordsOf,
} from '../../../events/index.js';
import type { NeighbourChange } from './switch.port.js';

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

function renderAddress(address: IpAddress): string | undefined {
  if (parseIp(address) === undefined) return undefined;
  return parseIpv4(address) === undefined ? formatIpv6(wordsOf(address)) : address.split('.').map(Number).join('.');
}

function renderMac(mac: MacAddress): string | undefined {
  if (parseMac(mac) === undefined) return undefined;
  return macBytes(mac)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
}
