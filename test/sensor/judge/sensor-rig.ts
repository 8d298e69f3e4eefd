// An engine's log, projector and sensor in one directory, hearing frames that a test sends.
import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../../src/event-store/event-store.port.js';
import { Projector } from '../../../src/projector/projector.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import type { OpenJudge } from '../../../src/sensor/judge/thread/judge-link.js';
import { type OpenCapture, SensorService } from '../../../src/sensor/sensor.service.js';
import { type Told, rack, stored } from '../../projections/rules/rack.js';
import { captured } from '../capture/frames.js';

export const source66: CaptureSource = {
  name: 'leaf1-e66',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  interface: 'vlan66',
  port: 'leaf1:Ethernet66' as PortId,
  vlan: 66 as Vlan,
  attribution: 'interface',
};

export interface Rig {
  readonly store: EventStore;
  readonly projector: Projector;
  readonly sensor: SensorService;
  readonly log: string[];
  /** True while the capture runs. */
  readonly capturing: () => boolean;
  /** Delivers a frame as the capture would, stamped with the time now. */
  readonly send: (bytes: Uint8Array) => void;
  readonly close: () => Promise<void>;
}

export async function openRig(
  directory: string,
  options: {
    wrap?: (store: EventStore) => EventStore;
    queueLimit?: number;
    inFlightWindowMs?: number;
    openJudge?: OpenJudge;
    /** The map has each event so long after it was stored, ms (at once). */
    mapLagMs?: number;
  } = {},
): Promise<Rig> {
  const store = await openEmbeddedStore({ directory, create: true });
  const projector = new Projector(options.mapLagMs === undefined ? store : lagging(store, options.mapLagMs));
  const log: string[] = [];
  const note =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level}: ${message}`);
  let deliver: ((bytes: Uint8Array) => void) | undefined;
  const openCapture: OpenCapture = (_source, { onFrame, onState }) => ({
    start: () => {
      onState({ state: 'running' });
      deliver = (bytes) => {
        const now = Date.now();
        const time = { seconds: Math.floor(now / 1000), nanoseconds: (now % 1000) * 1e6 };
        const frame = decodeFrame({ ...captured(bytes), time });
        if (frame !== undefined) onFrame(frame);
      };
    },
    stop: () => {
      deliver = undefined;
      onState({ state: 'stopped' });
      return Promise.resolve();
    },
  });
  const sensor = new SensorService({
    sources: [source66],
    store: options.wrap?.(store) ?? store,
    liveMap: projector.liveMap,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    limits: { inFlightWindowMs: options.inFlightWindowMs ?? 5_000, repeatWindowMs: 300 },
    writer: { firstRetryMs: 10, ...(options.queueLimit !== undefined && { queueLimit: options.queueLimit }) },
    openCapture,
    ...(options.openJudge !== undefined && { openJudge: options.openJudge }),
  });
  return {
    store,
    projector,
    sensor,
    log,
    capturing: () => deliver !== undefined,
    send: (bytes) => {
      if (deliver === undefined) throw new Error('Nothing captures; expected the sensor to have started.');
      deliver(bytes);
    },
    close: async () => {
      await sensor.close();
      await projector.close();
      await store.close();
    },
  };
}

/** The store as it is, but for subscribers, who hear of every page so much later. */
function lagging(store: EventStore, lagMs: number): EventStore {
  return new Proxy(store, {
    get(target, key) {
      if (key === 'subscribe')
        return (...[after, handlers]: Parameters<EventStore['subscribe']>) =>
          target.subscribe(after, {
            ...handlers,
            onEvents: async (events) => {
              await new Promise((resolve) => setTimeout(resolve, lagMs));
              await handlers.onEvents(events);
            },
          });
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Appends what billing and the operator said. */
export async function tell(store: EventStore, told: readonly Told[] = rack): Promise<void> {
  const appends = stored(told).map(({ id, stream, type, data, metadata }) => {
    const { source, sourceId, schemaVersion, time } = metadata;
    const event = { id, type, data: data as object, metadata: { source, sourceId, schemaVersion, time } };
    return { stream, expected: 'any' as const, events: [event] };
  });
  await store.appendMany(appends);
}

/** Waits, within a bound, for something to become true. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Gave up after a minute waiting until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
