import { RenumberConductor } from './control/renumber/renumber-conductor.js';
import type { DeviceRegistry } from './control/device-registry.js';
import type { EngineParts } from './engine-parts.js';
import type { EventStore } from './event-store/event-store.port.js';
import type { Alerts } from './ops/alerts.js';
import type { Log } from './ops/log.js';
import type { LiveMap } from './projector/live-map.js';
import type { SensorDesk } from './sensor/coverage/sensor-desk.js';

interface Rooms {
  readonly store: EventStore;
  readonly liveMap: LiveMap;
  readonly devices: DeviceRegistry;
  readonly sensorDesk: SensorDesk;
  readonly alerts: Alerts;
  readonly log: Log;
}

/** The conductor of renumberings of an engine; it starts after the sensors, which hear the old prefixes. */
export function openConductor({ sensorDesk, alerts, ...rooms }: Rooms): RenumberConductor {
  return new RenumberConductor({
    ...rooms,
    ears: () => sensorDesk.prefixHearing,
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
  });
}

export function startConductor({ conductor }: EngineParts): RenumberConductor {
  conductor.start();
  return conductor;
}
