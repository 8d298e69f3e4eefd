import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortId, SwitchName, Vlan } from '../../events/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { Projector } from '../../src/projector/projector.js';
import { SensorService, type SensorState } from '../../src/sensor/sensor.service.js';
import { until } from '../lab/lab.js';
import { SensorWires } from '../lab/sensor-wires.js';
import { tell } from '../sensor/judge/sensor-rig.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The sensor room on a real interface, with log and map of its own. No window for billing to explain itself: figures are the sensor's. */
export interface LiveSensor {
  readonly wires: SensorWires;
  readonly projector: Projector;
  readonly state: () => SensorState;
  /** Stops listening; what was captured is judged, and `state` is the last. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openLiveSensor(port: 16 | 66): Promise<LiveSensor> {
  const directory = mkdtempSync(join(tmpdir(), `pllab-${process.pid}-sensor-`));
  const wires = await SensorWires.lay([port]);
  const store = await openEmbeddedStore({ directory, create: true });
  const projector = new Projector(store);
  const sensor = new SensorService({
    sources: [
      {
        name: `leaf1-e${port}`,
        site: 'default',
        switch: 'leaf1' as SwitchName,
        interface: `vlan${port}`,
        netns: wires.sw,
        port: `leaf1:Ethernet${port}` as PortId,
        vlan: port as number as Vlan,
        attribution: 'interface',
      },
    ],
    store,
    liveMap: projector.liveMap,
    log: quiet,
    limits: { inFlightWindowMs: 0, identitiesPerMinute: 1_000 },
  });
  // Neither the judge's thread nor tcpdump's pipe keeps a process alive.
  const awake = setInterval(() => undefined, 1_000);
  let isStopped = false;
  const state = (): SensorState => {
    const [one] = sensor.states().sensors;
    if (one === undefined) throw new Error('The sensor room has no sensor.');
    return one;
  };
  const stop = async (): Promise<void> => {
    if (!isStopped) await sensor.close();
    isStopped = true;
  };
  const close = async (): Promise<void> => {
    await stop();
    clearInterval(awake);
    await projector.close();
    await store.close();
    wires.remove();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await tell(store);
    projector.start();
    sensor.start();
    await until('the sensor hears', () => state().capture.state === 'running');
  } catch (error) {
    await close();
    throw error;
  }
  return { wires, projector, state, stop, close };
}
