import type { DeviceStatus } from '../reactors/device-status.js';
import type { ConfirmOutcome } from '../reactors/gateway.reactor.js';

/** A device under control, as the API sees it. */
export interface ControlledDevice {
  readonly status: DeviceStatus;
  confirm(planHash: string, by: string): ConfirmOutcome;
  /** Looks at the device again soon. */
  nudge(): void;
}

/** The devices this engine drives, by name. */
export class DeviceRegistry {
  private readonly devices = new Map<string, ControlledDevice>();

  add(name: string, device: ControlledDevice): void {
    this.devices.set(name, device);
  }

  get(name: string): ControlledDevice | undefined {
    return this.devices.get(name);
  }

  names(): string[] {
    return [...this.devices.keys()].sort();
  }
}
