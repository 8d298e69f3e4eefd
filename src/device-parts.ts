import type { GatewayView } from '../projections/index.js';
import type { ControlledDevice } from './control/device-registry.js';
import { openDhcp } from './dhcp-room.js';
import type { EngineParts } from './engine-parts.js';
import { openGuard } from './guard-room.js';
import type { PartRoomOptions } from './part-room.js';
import { openRa } from './ra-room.js';

/** The parts of one device that are planned as a whole: what the configuration names of them. */
export interface DeviceParts {
  readonly controlled: Pick<ControlledDevice, 'guard' | 'dhcp' | 'ra'>;
  /** What this device does with the map, with what its guard blocks. */
  readonly view: GatewayView;
  /** `onBlocked` is told when the guard begins or ends to drop all that comes in somewhere. */
  start(onBlocked: () => void): void;
  nudge(): void;
  /** Resolves when the looks that are under way have come to their end. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** Opens them. Throws a DeviceError where a driver cannot be made of what the configuration says. */
export function openDeviceParts(parts: EngineParts, options: PartRoomOptions): DeviceParts {
  const guard = openGuard(parts, options);
  const dhcp = openDhcp(parts, options);
  const ra = openRa(parts, options);
  const rooms = [guard, dhcp, ra].filter((room) => room !== undefined);
  return {
    controlled: {
      ...(guard === undefined ? {} : { guard: guard.controlled }),
      ...(dhcp === undefined ? {} : { dhcp: dhcp.controlled }),
      ...(ra === undefined ? {} : { ra: ra.controlled }),
    },
    view:
      guard === undefined
        ? options.view
        : {
            ...options.view,
            get guarded() {
              return guard.blocked;
            },
          },
    start(onBlocked) {
      guard?.onBlocked(onBlocked);
      for (const room of rooms) room.start();
    },
    nudge: () => rooms.forEach((room) => room.nudge()),
    ended: async () => void (await Promise.all(rooms.map((room) => room.ended()))),
    close: async () => void (await Promise.all(rooms.map((room) => room.close()))),
  };
}
