import type { IpAddress, Vlan } from '../../../events/index.js';

/** Which table of a device: IPv4 neighbours, IPv6 neighbours, or which MAC was last heard at which port. */
export type TableKind = 'arp' | 'nd' | 'mac';

/** One row of a table as the device showed it. Never a fact: it is what the device believes. */
export interface TableEntry {
  readonly table: TableKind;
  /** The line it began on, from 1; for JSON and XML its place among the rows. */
  readonly line: number;
  /** Absent in a MAC table. */
  readonly address?: IpAddress;
  /** Canonical spelling, group addresses included; absent while the device waits for an answer. */
  readonly mac?: string;
  readonly vlan?: Vlan;
  /** The routed interface, as the device spells it: `Vlan101`, `irb.12`, `ens33`. */
  readonly interface?: string;
  /** Where frames to this MAC go, as the device spells it: `Gi1/0/3`, `Po2`, and also `CPU` or `Drop`. */
  readonly port?: string;
  /** Absent in the default VRF, and where the device does not say. */
  readonly vrf?: string;
  /** How long ago the entry was learnt or confirmed, ms. */
  readonly ageMs?: number;
  /** The device's own word for the kind or state of the entry, lower case: `dynamic`, `stale`, `permanent`. */
  readonly type?: string;
  /** Configured, or the device's own address: nobody claimed it on the wire. */
  readonly isStatic: boolean;
  /** Both address and MAC are there (in a MAC table the MAC), and the device holds them for true. */
  readonly isComplete: boolean;
}

/** A line of a table that nobody here understands. */
export interface UnparsedLine {
  /** From 1. */
  readonly line: number;
  /** Its beginning; control characters are still in it. */
  readonly text: string;
}

export interface ParsedTable {
  readonly entries: readonly TableEntry[];
  /** Every line that is neither a row, nor a known header or footer. */
  readonly unparsed: readonly UnparsedLine[];
}

/** A form in which a device prints one of its tables. */
export interface TableFormat {
  /** Unique: `eos-arp`. */
  readonly name: string;
  readonly vendor: string;
  readonly tables: readonly TableKind[];
  /** A command that prints it. */
  readonly command: string;
  /** How surely a text is of this format, 0 to 1. */
  detect(text: string): number;
  parse(text: string): ParsedTable;
}
