import { TokenRegistry } from './auth/token-registry.js';
import type { AppConfig } from './config/app-config.js';
import { DeviceRegistry } from './control/device-registry.js';
import type { SimulatedBgp } from './drivers/bgp/simulated.bgp.js';
import type { SimulatedSwitch } from './drivers/switch/simulated.switch.js';
import type { EventStore } from './event-store/event-store.port.js';
import { openStore } from './open-store.js';
import { Alerts } from './ops/alerts.js';
import type { Log } from './ops/log.js';
import { Readiness } from './ops/readiness.js';
import { Projector } from './projector/projector.js';
import type { OpenCapture } from './sensor/sensor.service.js';

/** What the caller of an engine brings along to keep hands on a world that exists in this process only. */
export interface Hands {
  /** Devices of kind `simulated`, by name; the engine makes those that are not given. */
  readonly devices?: ReadonlyMap<string, { readonly switch: SimulatedSwitch; readonly bgp: SimulatedBgp }>;
  /** Hears frames in place of a capture on the wire. */
  readonly openCapture?: OpenCapture;
}

/** What every room of a running engine may build on. */
export interface EngineParts {
  readonly config: AppConfig;
  readonly log: Log;
  readonly store: EventStore;
  readonly projector: Projector;
  readonly tokens: TokenRegistry;
  readonly readiness: Readiness;
  readonly alerts: Alerts;
  readonly devices: DeviceRegistry;
  readonly hands: Hands;
}

/** Opens the log of the configuration (making it where it is missing) and lays out the parts. Rejects with a StoreError. */
export async function openParts(config: AppConfig, log: Log, hands: Hands = {}): Promise<EngineParts> {
  const store = await openStore(config);
  return {
    config,
    log,
    store,
    projector: new Projector(store),
    tokens: new TokenRegistry(config.tokensFile),
    readiness: new Readiness(),
    alerts: new Alerts(log),
    devices: new DeviceRegistry(),
    hands,
  };
}
