import { TokenRegistry } from './auth/token-registry.js';
import type { AppConfig } from './config/app-config.js';
import { DeviceRegistry } from './control/device-registry.js';
import type { SimulatedSwitch } from './drivers/switch/simulated.switch.js';
import { openEmbeddedStore } from './event-store/embedded.event-store.js';
import type { EventStore } from './event-store/event-store.port.js';
import { Alerts } from './ops/alerts.js';
import type { Log } from './ops/log.js';
import { Readiness } from './ops/readiness.js';
import { Projector } from './projector/projector.js';

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
  /** Simulated switches by device name, for whoever wants to put hands on them while the engine drives them. */
  readonly simulated: ReadonlyMap<string, SimulatedSwitch>;
}

/** Opens the log of the configuration (making it where it is missing) and lays out the parts. Rejects with a StoreError. */
export async function openParts(
  config: AppConfig,
  log: Log,
  simulated: ReadonlyMap<string, SimulatedSwitch> = new Map(),
): Promise<EngineParts> {
  const store = await openEmbeddedStore({ directory: config.dataDir, create: true });
  return {
    config,
    log,
    store,
    projector: new Projector(store),
    tokens: new TokenRegistry(config.tokensFile),
    readiness: new Readiness(),
    alerts: new Alerts(log),
    devices: new DeviceRegistry(),
    simulated,
  };
}
