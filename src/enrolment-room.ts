import type { EventStore } from './event-store/event-store.port.js';
import type { EngineParts } from './engine-parts.js';
import type { Alerts } from './ops/alerts.js';
import type { Log } from './ops/log.js';
import type { LiveMap } from './projector/live-map.js';
import { Enroller } from './reactors/enroller.reactor.js';

/** The enroller of an engine; it starts with the other rooms. */
export function openEnroller(store: EventStore, liveMap: LiveMap, alerts: Alerts, log: Log): Enroller {
  return new Enroller({
    store,
    liveMap,
    log,
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
  });
}

export function startEnroller({ enroller }: EngineParts): Enroller {
  enroller.start();
  return enroller;
}
