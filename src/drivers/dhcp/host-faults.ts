import { parseIpv4, parseIpv6, parseIpv6Prefix, parseMac, parseVlan } from '../../../events/index.js';
import type { DhcpHost4, DhcpHost6 } from './dhcp.port.js';

/** Linux takes more, but none that has to be quoted in a daemon's expressions is needed. */
export const isPlainInterface = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(name);

/** What of a host is not what its type says; undefined where all of it is. No other text reaches a daemon. */
export function host4Fault(host: DhcpHost4): string | undefined {
  const { mac, address, routers, listen } = host;
  const wrong = [address, listen, ...routers].find((one) => parseIpv4(one) !== one);
  return placeFault(host) ?? (wrong === undefined ? macFault(mac) : notA('an IPv4 address', wrong));
}

/** The same for DHCPv6. */
export function host6Fault(host: DhcpHost6): string | undefined {
  const { mac, linkLocal, address, prefixes } = host;
  const wrong = [linkLocal, ...(address === undefined ? [] : [address])].find((one) => parseIpv6(one) !== one);
  if (wrong !== undefined) return placeFault(host) ?? notA('an IPv6 address', wrong);
  const prefix = prefixes.find((one) => parseIpv6Prefix(one) !== one);
  return placeFault(host) ?? (prefix === undefined ? macFault(mac) : notA('an IPv6 prefix', prefix));
}

function placeFault({ interface: name, vlan }: DhcpHost4 | DhcpHost6): string | undefined {
  if (!isPlainInterface(name)) return notA('an interface', name);
  return parseVlan(vlan) === undefined ? notA('a VLAN', String(vlan)) : undefined;
}

const macFault = (mac: string): string | undefined => (parseMac(mac) === mac ? undefined : notA('a MAC', mac));

const notA = (what: string, value: string): string => `${JSON.stringify(value).slice(0, 80)} is not ${what}`;
