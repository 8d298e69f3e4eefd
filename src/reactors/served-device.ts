import type { DeviceStamp, InterfaceState } from '../drivers/switch/switch.port.js';

/** The device under a part that serves its VLAN interfaces, as far as the part has to know it. */
export interface ServedDevice {
  readonly interfaces: ReadonlyMap<string, InterfaceState>;
  /** A log that may not drive the one may not drive the other. */
  readonly stamp: DeviceStamp | undefined;
}
