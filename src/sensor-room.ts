import type { EngineParts } from './engine-parts.js';
import { configuredSources } from './sensor/capture/configured-sources.js';
import { SensorService } from './sensor/sensor.service.js';

/** Hears every capture source of the configuration; one that cannot hear degrades readiness and is named there. */
export function startSensors({ config, store, projector, log, readiness, hands }: EngineParts): {
  close(): Promise<void>;
} {
  const sources = configuredSources(config.sensors);
  const { liveMap } = projector;
  const sensors = new SensorService({
    sources,
    store,
    liveMap,
    log,
    limits: { inFlightWindowMs: config.inFlightWindowMs },
    ...(hands.openCapture === undefined ? {} : { openCapture: hands.openCapture }),
  });
  readiness.register('sensors', () => {
    const silent = sensors.states().sensors.filter(({ capture }) => capture.state === 'failed');
    if (silent.length === 0) return { ok: true, detail: `${sources.length} capture sources.` };
    const why = silent.map(({ name, capture }) =>
      capture.state === 'failed' ? `${name}: ${capture.reason}; ${capture.cure}` : name,
    );
    return { ok: true, degraded: true, detail: `Not hearing: ${why.join('; ')}` };
  });
  sensors.start();
  return { close: () => sensors.close() };
}
