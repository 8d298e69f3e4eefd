import { readInside } from '../../transports/run-inside.js';
import type { NetworkNamespace } from '../../transports/network-namespace.js';
import { formatIpv4 } from '../../../events/index.js';

const files = ['/proc/net/udp', '/proc/net/igmp6'];

/** Where the kernel has DHCP servers' sockets: Kea says "successful" also where it could not open one. */
export interface OpenSockets {
  /** Addresses with a socket at UDP port 67. */
  readonly dhcp4: ReadonlySet<string>;
  /** Interfaces that are in the group of all DHCP servers and relays, ff02::1:2 (RFC 8415 section 7.1). */
  readonly dhcp6: ReadonlySet<string>;
}

/** What is open in a namespace; `deadline` in ms. */
export async function openSockets(namespace: NetworkNamespace, deadline: number): Promise<OpenSockets> {
  const texts = await readInside(namespace, files, deadline);
  return { dhcp4: udp67In(texts.get('/proc/net/udp') ?? ''), dhcp6: group6In(texts.get('/proc/net/igmp6') ?? '') };
}

/** Of `/proc/net/udp`: `13183: 10004064:0043 00000000:0000 07 ...`, addresses as the machine keeps a number. */
export function udp67In(text: string): Set<string> {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    const hex = /^\s*\d+:\s+([0-9A-F]{8}):0043\s/.exec(line)?.[1];
    if (hex !== undefined) found.add(formatIpv4(hostOrder(hex)));
  }
  return found;
}

/** Of `/proc/net/igmp6`: `2    vlan16          ff020000000000000000000000010002     2 00000004 0`. */
export function group6In(text: string): Set<string> {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    const [, name, group] = /^\s*\d+\s+(\S+)\s+([0-9a-f]{32})\s/.exec(line) ?? [];
    if (name !== undefined && group === 'ff020000000000000000000000010002') found.add(name);
  }
  return found;
}

/** The kernel prints network order as a number of its own order: little-endian on every machine that we run on. */
function hostOrder(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE();
}
