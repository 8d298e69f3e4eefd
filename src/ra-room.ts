import type { ControlledPart } from './control/controlled-part.js';
import { createRadvd } from './drivers/ra/radvd.ra.js';
import type { EngineParts } from './engine-parts.js';
import { namespaceOf } from './open-drivers.js';
import { type PartRoom, partReactorOptions, partRoom, type PartRoomOptions } from './part-room.js';
import type { RaStatus } from './reactors/ra-status.js';
import { RaReactor } from './reactors/ra.reactor.js';

/** The router advertisements that the configuration names for a device; undefined where it names none. Throws a DeviceError. */
export function openRa(parts: EngineParts, options: PartRoomOptions): PartRoom<ControlledPart<RaStatus>> | undefined {
  const { device, view, switchDriver } = options;
  if (device.ra === undefined) return undefined;
  const ra = createRadvd({
    device: device.name,
    ...device.ra,
    interfaces: Object.values(device.ports),
    ...namespaceOf(device),
  });
  const reactor = new RaReactor({
    ...partReactorOptions(parts, options, 'ra'),
    view,
    ra,
    served: () => switchDriver.read(),
  });
  return partRoom(parts, reactor, ra);
}
