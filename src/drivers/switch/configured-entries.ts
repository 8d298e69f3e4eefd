import { type IpAddress, ipv4Number, type MacAddress, parseIpv4 } from '../../../events/index.js';
import type { InterfaceState, NeighbourEntry } from './switch.port.js';

/** A static entry as a line of a switch's configuration says it. */
export interface ConfiguredEntry {
  /** undefined is the default VRF. */
  readonly vrf: string | undefined;
  readonly address: IpAddress;
  readonly mac: MacAddress;
  /** Only IPv6 lines name one. */
  readonly interface: string | undefined;
}

/** What the switch resolves an address to just now, learned or configured. */
export interface ResolvedRow extends ConfiguredEntry {
  readonly interface: string;
  /** A row without an age never goes by itself. */
  readonly isStatic: boolean;
}

/** An IPv4 network on an interface. */
export interface Subnet {
  readonly network: IpAddress;
  readonly length: number;
}

export interface RoutedInterface extends InterfaceState {
  readonly subnets: readonly Subnet[];
}

/** A static entry, where it hangs, and whether the switch resolves by it. */
export interface PlacedEntry extends NeighbourEntry {
  /** False where the configuration has it and the table of the switch does not. */
  readonly effective: boolean;
}

export interface PlacedEntries {
  readonly entries: readonly PlacedEntry[];
  /** Static entries in the tables that no line of the configuration explains. */
  readonly unexplained: readonly NeighbourEntry[];
}

/** What a switch says of itself in one go: its configured entries, and the tables that it works by. */
export interface SwitchLook extends PlacedEntries {
  readonly interfaces: ReadonlyMap<string, RoutedInterface>;
}

/**
 * Puts each configured entry where it hangs. An IPv4 line names no interface: it hangs where the switch resolves the
 * address, else where we once set it (`recorded`), else where a network of an interface holds it.
 */
export function placedEntries(
  statics: readonly ConfiguredEntry[],
  resolved: readonly ResolvedRow[],
  interfaces: ReadonlyMap<string, RoutedInterface>,
  recorded: (address: IpAddress) => string | undefined,
): PlacedEntries {
  const rows = new Map<string, ResolvedRow[]>();
  for (const row of resolved) {
    const key = `${row.vrf ?? ''} ${row.address}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const explained = new Set<ResolvedRow>();
  const entries = statics.flatMap((one): PlacedEntry[] => {
    const candidates = (rows.get(`${one.vrf ?? ''} ${one.address}`) ?? []).filter(
      (row) => one.interface === undefined || row.interface === one.interface,
    );
    const row = candidates.find(({ mac }) => mac === one.mac) ?? candidates[0];
    if (row !== undefined) explained.add(row);
    const isInVrf = (name: string | undefined): boolean => name !== undefined && interfaces.get(name)?.vrf === one.vrf;
    const name =
      one.interface ??
      row?.interface ??
      [recorded(one.address)].find(isInVrf) ??
      whereOnLink(interfaces, one.vrf, one.address);
    const effective = row?.mac === one.mac;
    return name === undefined || !isInVrf(name)
      ? []
      : [{ interface: name, address: one.address, mac: one.mac, effective }];
  });
  const unexplained = resolved.filter((row) => row.isStatic && !explained.has(row));
  return { entries, unexplained };
}

function whereOnLink(
  interfaces: ReadonlyMap<string, RoutedInterface>,
  vrf: string | undefined,
  address: IpAddress,
): string | undefined {
  if (parseIpv4(address) === undefined) return undefined;
  return [...interfaces.values()].find((one) => one.vrf === vrf && isOnLink(one, address))?.name;
}

/** Whether a network of the interface holds the address; it is resolved nowhere else. */
function isOnLink({ subnets }: RoutedInterface, address: IpAddress): boolean {
  if (parseIpv4(address) === undefined) return true;
  return subnets.some(({ network, length }) => {
    const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
    return (ipv4Number(network) & mask) >>> 0 === (ipv4Number(address) & mask) >>> 0;
  });
}
