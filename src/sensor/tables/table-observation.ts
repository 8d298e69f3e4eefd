import { parseMac, type PortId } from '../../../events/index.js';
import type { Observation, ObservationKind } from '../../../projections/index.js';
import type { TableEntry, TableKind } from './table-entry.js';
import { type ObservedAt, portAt } from './observed-at.js';

const kinds: Readonly<Record<TableKind, ObservationKind>> = { arp: 'arp-table', nd: 'nd-table', mac: 'mac-table' };

/**
 * What a row of a table claims, read at `readAt` (ms since 1970); undefined where it claims nothing: configured rows and those
 * of the box itself, rows without an answer, group addresses, and in a MAC table what is not at a port. A row of a MAC table
 * claims no address. `learntAt` is the port that the MAC table has for the MAC, for rows that do not name one.
 */
export function tableObservation(
  entry: TableEntry,
  at: ObservedAt,
  {
    vendor,
    readAt,
    learntAt,
  }: { readonly vendor: string; readonly readAt: number; readonly learntAt?: PortId | undefined },
): Observation | undefined {
  const mac = parseMac(entry.mac);
  if (mac === undefined || entry.isStatic || !entry.isComplete) return undefined;
  const port = portAt(at, entry.port, vendor) ?? portAt(at, entry.interface, vendor) ?? learntAt;
  if (entry.table === 'mac' && port === undefined) return undefined;
  return {
    kind: kinds[entry.table],
    sensor: at.sensor,
    site: at.site,
    switch: at.switch,
    attribution: 'mac-table',
    ...(port !== undefined && { port }),
    ...(entry.vlan !== undefined && { vlan: entry.vlan }),
    etherSource: mac,
    claimedMac: mac,
    ...(entry.address !== undefined && { claimedAddress: entry.address }),
    tentative: false,
    frameTime: readAt,
  };
}
