import { parseIpv4 } from '../events/index.js';
import type { BootConfig } from './config/dhcp-config.js';
import type { ControlledPart } from './control/controlled-part.js';
import type { BootLoader } from './drivers/dhcp/dhcp.port.js';
import { createKeaDhcp } from './drivers/dhcp/kea.dhcp.js';
import type { EngineParts } from './engine-parts.js';
import { namespaceOf } from './open-drivers.js';
import { type PartRoom, partReactorOptions, partRoom, type PartRoomOptions } from './part-room.js';
import type { DhcpStatus } from './reactors/dhcp-status.js';
import { DhcpReactor } from './reactors/dhcp.reactor.js';

/** The daemons that the configuration names for a device; undefined where it names none. Throws a DeviceError. */
export function openDhcp(
  parts: EngineParts,
  options: PartRoomOptions,
): PartRoom<ControlledPart<DhcpStatus>> | undefined {
  const { device, view, switchDriver } = options;
  if (device.dhcp === undefined) return undefined;
  const { socket4, socket6, boot } = device.dhcp;
  const dhcp = createKeaDhcp({
    device: device.name,
    interfaces: Object.values(device.ports),
    ...(socket4 === undefined ? {} : { socket4 }),
    ...(socket6 === undefined ? {} : { socket6 }),
    loaders: boot.map(loaderOf),
    ...namespaceOf(device),
  });
  const reactor = new DhcpReactor({
    ...partReactorOptions(parts, options, 'dhcp'),
    view,
    pairing: parts.config.addresses.pairing,
    dhcp,
    served: () => switchDriver.read(),
  });
  // Kea opens no socket at an interface without carrier, and none by itself when the carrier comes.
  return partRoom(parts, reactor, dhcp, undefined, new Set(Object.keys(device.ports)));
}

function loaderOf({ architectures, ipxe, tftpServer, tftpFile, url4, url6 }: BootConfig): BootLoader {
  const server = parseIpv4(tftpServer);
  return {
    architectures,
    ipxe,
    ...(server === undefined || tftpFile === undefined ? {} : { tftp: { server, file: tftpFile } }),
    ...(url4 === undefined ? {} : { url4 }),
    ...(url6 === undefined ? {} : { url6 }),
  };
}
