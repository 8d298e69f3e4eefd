import { type IpAddress, parseAnyMac, parseIp, parseVlan, type Vlan } from '../../../events/index.js';
import type { TableEntry, TableKind } from './table-entry.js';

const shortBytes = /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i;

/** A MAC in any notation a device prints, also that of BSD and AIX without leading zeros (`0:0:5e:0:1:5c`), canonical. */
export function macOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = parseAnyMac(text);
  if (plain !== undefined || !shortBytes.test(text)) return plain;
  return parseAnyMac(text.replace(/[^:]+/g, (byte) => byte.padStart(2, '0')));
}

/** A VLAN id as printed; undefined for `All`, `---` and names. */
export function vlanOf(text: string | undefined): Vlan | undefined {
  return text !== undefined && /^\d{1,4}$/.test(text) ? parseVlan(Number(text)) : undefined;
}

const routedVlan = /^(?:vlan|vl|irb\.|vlan\.)(\d{1,4})$/i;

/** The VLAN whose routed interface this is: 101 for `Vlan101`, `Vl101`, `vlan101`, `irb.101`. */
export function vlanOfInterface(name: string | undefined): Vlan | undefined {
  return name === undefined ? undefined : vlanOf(routedVlan.exec(name)?.[1]);
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  mn: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/**
 * An age as devices print it, in ms: `0:17:02`, `61s`, `92mn`, `2d15h`, `0.28`, or a bare number of `bareMs` each.
 * undefined for `-`, `N/A` and whatever else is no age.
 */
export function ageOf(text: string | undefined, bareMs: number): number | undefined {
  if (text === undefined || text.length > 32) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text) * bareMs;
  if (/^\d{1,10}\.\d{1,10}$/.test(text)) return Math.round(Number(text) * 1000);
  const clock = /^(\d{1,6}):(\d\d):(\d\d)$/.exec(text);
  if (clock !== null) return (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 1000;
  if (!/^(?:\d{1,10}(?:mn|[smhdwy]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(mn|[smhdwy])/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
}

/** What one row says, before it is looked at as a whole. */
export interface RowFields {
  readonly address?: string | undefined;
  readonly mac?: string | undefined;
  readonly vlan?: Vlan | undefined;
  readonly interface?: string | undefined;
  readonly port?: string | undefined;
  readonly vrf?: string | undefined;
  readonly ageMs?: number | undefined;
  readonly type?: string | undefined;
  readonly isStatic?: boolean;
  /** False where the device says that it waits for an answer or got none. */
  readonly isResolved?: boolean;
}

const noMac = '00:00:00:00:00:00';

/** The entry that a row of an ARP or ND table means; undefined when its address or MAC is none. `mac` absent: incomplete. */
export function neighbourEntry(line: number, row: RowFields): TableEntry | undefined {
  const address = parseIp(row.address);
  const mac = macOf(row.mac);
  if (address === undefined || (mac === undefined && row.mac !== undefined)) return undefined;
  const isComplete = mac !== undefined && mac !== noMac && row.isResolved !== false;
  return entryOf(address.includes(':') ? 'nd' : 'arp', line, row, { address, mac, isComplete });
}

/** The entry that a row of a MAC table means; undefined when its MAC is none. */
export function macEntry(line: number, row: RowFields): TableEntry | undefined {
  const mac = macOf(row.mac);
  if (mac === undefined) return undefined;
  return entryOf('mac', line, row, { mac, isComplete: mac !== noMac });
}

function entryOf(
  table: TableKind,
  line: number,
  row: RowFields,
  { address, mac, isComplete }: { address?: IpAddress; mac: string | undefined; isComplete: boolean },
): TableEntry {
  const { port, vrf, ageMs, isStatic = false } = row;
  const vlan = row.vlan ?? vlanOfInterface(row.interface);
  const type = row.type?.toLowerCase();
  return {
    table,
    line,
    ...(address !== undefined && { address }),
    ...(mac !== undefined && { mac }),
    ...(vlan !== undefined && { vlan }),
    ...(row.interface !== undefined && { interface: row.interface }),
    ...(port !== undefined && { port }),
    ...(vrf !== undefined && vrf !== 'default' && { vrf }),
    ...(ageMs !== undefined && { ageMs }),
    ...(type !== undefined && type !== '' && { type }),
    isStatic,
    isComplete,
  };
}
