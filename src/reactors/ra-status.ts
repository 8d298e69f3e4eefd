import type { Withheld } from '../../projections/index.js';
import type { RaState } from '../drivers/ra/ra.port.js';
import type { DeviceMode } from './device-status.js';
import type { PartStatus } from './part-status.js';
import type { RaLine, WantedRa } from './ra-plan.js';

/** One interface on which a default route is advertised, as it was read back. */
export interface AdvertisedInterface {
  readonly interface: string;
  readonly serverId: string | undefined;
  /** The link-local address that it is sent from. */
  readonly router: string;
}

/** What the reactor knows of the router advertisements of a device after its last look. */
export interface RaStatus extends PartStatus<RaLine> {
  readonly mode: DeviceMode;
  /** `loaded`: it runs and has read the file as it is; `running`: it was not proved to have. */
  readonly daemon: RaState['daemon'] | 'unknown';
  readonly advertised: readonly AdvertisedInterface[];
  readonly withheld: readonly Withheld[];
}

/** Before the first look. */
export function startingRa(device: string, mode: DeviceMode): RaStatus {
  const unknown = { brake: undefined, error: undefined, idle: undefined, planHash: undefined };
  return { device, mode, state: 'starting', ...unknown, daemon: 'unknown', plan: [], advertised: [], withheld: [] };
}

/** Everything that is advertised, by interface. */
export function advertisedInterfaces({ advertised }: RaState, { byInterface }: WantedRa): AdvertisedInterface[] {
  return [...advertised.values()].map(({ interface: name, router }) => ({
    interface: name,
    serverId: byInterface.get(name)?.serverId,
    router,
  }));
}
