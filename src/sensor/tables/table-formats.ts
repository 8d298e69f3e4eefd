import { iosDhcpSnooping, nxosDhcpSnooping } from './formats/dhcp-snooping.js';
import { eosJson } from './formats/eos-json.js';
import { eosArp, eosMac, eosNd } from './formats/eos.js';
import { hostArp, hostArpTable, linuxNeigh, procNetArp } from './formats/host.js';
import { iosDeviceTracking, iosDeviceTrackingMac } from './formats/ios-device-tracking.js';
import { iosMac, iosMacAged, iosMacDestination, iosMacProtocols } from './formats/ios-mac.js';
import { iosArp, iosNd } from './formats/ios-neighbours.js';
import { junosXml } from './formats/junos-xml.js';
import { junosArp, junosMac, junosNd } from './formats/junos.js';
import { linuxNeighJson } from './formats/linux-json.js';
import { nxosJson } from './formats/nxos-json.js';
import { nxosArp, nxosMac, nxosNd } from './formats/nxos.js';
import type { TableFormat } from './table-entry.js';

/** Every format, one entry each. */
export const tableFormats: readonly TableFormat[] = [
  linuxNeighJson,
  linuxNeigh,
  procNetArp,
  hostArp,
  hostArpTable,
  eosArp,
  eosNd,
  eosMac,
  eosJson,
  iosArp,
  iosNd,
  iosMac,
  iosMacAged,
  iosMacProtocols,
  iosMacDestination,
  iosDeviceTracking,
  iosDeviceTrackingMac,
  iosDhcpSnooping,
  nxosArp,
  nxosNd,
  nxosMac,
  nxosJson,
  nxosDhcpSnooping,
  junosArp,
  junosNd,
  junosMac,
  junosXml,
];

export interface Detection {
  /** The one format that the text is of; undefined when none is, or when several are equally likely. */
  readonly format: TableFormat | undefined;
  /** Those that come nearest, the likeliest first. */
  readonly closest: readonly { readonly format: TableFormat; readonly score: number }[];
}

const sureFrom = 0.5;
const apart = 0.05;

/** Finds out what format a text is of. */
export function detectFormat(text: string): Detection {
  const scored = tableFormats.map((format) => ({ format, score: format.detect(text) }));
  const closest = scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3);
  const [first, second] = closest;
  const isSure = first !== undefined && first.score >= sureFrom && first.score - (second?.score ?? 0) > apart;
  return { format: isSure ? first.format : undefined, closest };
}
