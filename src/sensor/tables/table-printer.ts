import { shortDuration, textTable } from '../../cli/text-table.js';
import type { TableEntry } from './table-entry.js';

const header = ['LINE', 'TABLE', 'ADDRESS', 'MAC', 'VLAN', 'INTERFACE', 'PORT', 'VRF', 'AGE', 'TYPE', 'CLAIM'];

/** Why a row claims nothing; `yes` where it does. */
function claimOf({ isStatic, isComplete }: TableEntry): string {
  return isStatic ? 'no: configured' : isComplete ? 'yes' : 'no: unresolved';
}

/** Rows for people, in aligned columns; control characters are escaped. */
export function printEntries(entries: readonly TableEntry[]): string {
  const rows = entries.map((entry) => [
    String(entry.line),
    entry.table,
    entry.address ?? '',
    entry.mac ?? '',
    entry.vlan === undefined ? '' : String(entry.vlan),
    entry.interface ?? '',
    entry.port ?? '',
    entry.vrf ?? '',
    entry.ageMs === undefined ? '' : shortDuration(entry.ageMs),
    entry.type ?? '',
    claimOf(entry),
  ]);
  return rows.length === 0 ? '' : `${textTable([header, ...rows])}\n`;
}
