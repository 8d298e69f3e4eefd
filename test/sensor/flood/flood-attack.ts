import { setTimeout as sleep } from 'node:timers/promises';
import { announcementOf } from '../../../src/sensor/coverage/announcement.js';
import type { SensorView } from '../../../src/sensor/coverage/port-coverage.js';
import { sendRawFrame } from '../../../src/transports/raw-frame.js';
import { sendFlood } from '../../lab/flood.js';
import { run } from '../../lab/lab-process.js';
import { until } from '../../lab/lab.js';
import type { SensorWires } from '../../lab/sensor-wires.js';
import type { EngineProcess } from './engine-process.js';

export interface FloodShape {
  /** The capture that is sent again and again. */
  readonly capture: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly quietSeconds: number;
  /** After the last frame was accounted for, until the stored events are counted, ms. */
  readonly settleMs: number;
}

/** What a flood at port 66 did to an engine, while billing went on publishing and port 16 forged now and then. */
export interface FloodFigures {
  readonly sent: number;
  readonly perSecond: number;
  /** Frames that arrived at the interface, as the kernel counts them, and what became of them. */
  readonly arrived: number;
  readonly judged: number;
  readonly sampled: number;
  readonly dropped: number;
  readonly lost: number;
  /** Events that nobody published. */
  readonly stored: number;
  /** From sending a forgery at port 16 until the feed had it, ms. */
  readonly reportedMs: readonly number[];
  /** Of the engine's process, MiB: before, and the most since. */
  readonly memory: { readonly quiet: number; readonly peak: number };
  /** How long each publishing took, ms. */
  readonly publishing: { readonly quiet: readonly number[]; readonly flooded: readonly number[] };
}

/** How long a state is waited for while both cores are flooded, ms. */
const busyMs = 90_000;

/** Floods one port of an engine with sensors at ports 16 and 66. Bounded by `until`, which throws where a state does not come. */
export async function floodEngine(
  engine: EngineProcess,
  wires: SensorWires,
  { capture, perSecond, seconds, quietSeconds, settleMs }: FloodShape,
): Promise<FloodFigures> {
  const quiet = await publishFor(engine, 'quiet', () => false, quietSeconds * 1_000);
  const before = { memory: engine.memory().now, events: await engine.ownEvents(), arrived: await arrivedAt(wires) };
  engine.forgetPeak();

  let over = false;
  const flood = sendFlood(wires.at(66), capture, { perSecond, seconds }).finally(() => (over = true));
  const [{ sent, perSecond: reached }, flooded, reportedMs] = await Promise.all([
    flood,
    publishFor(engine, 'flooded', () => over, seconds * 2_000),
    forgeBeside(engine, wires, () => over),
  ]);
  const { peak } = engine.memory();

  const arrived = (await arrivedAt(wires)) - before.arrived;
  // tcpdump is asked for its counts every few seconds.
  const isAccountedFor = async (): Promise<boolean> => {
    const { frames, kernelDrops = 0, lost = 0 } = await sensorOf(engine);
    return frames + kernelDrops + lost >= arrived;
  };
  await until('every frame that arrived is judged or counted as dropped', isAccountedFor, busyMs);
  await sleep(settleMs);
  const { frames: judged, sampled = 0, kernelDrops: dropped = 0, lost = 0 } = await sensorOf(engine);
  return {
    ...{ sent, perSecond: reached, arrived, judged, sampled, dropped, lost, reportedMs },
    stored: (await engine.ownEvents()) - before.events,
    memory: { quiet: before.memory, peak },
    publishing: { quiet, flooded },
  };
}

/** Forged claims at another port, one after the other until it is over; each must come to the feed. */
async function forgeBeside(engine: EngineProcess, wires: SensorWires, isOver: () => boolean): Promise<number[]> {
  const took: number[] = [];
  const isHeard = async (): Promise<boolean> => (await engine.violations()).some(({ port }) => port?.endsWith('66'));
  await until('the flood is heard', isHeard, busyMs);
  do {
    const claim = { mac: `02:00:00:00:00:${String(took.length + 10)}`, address: '198.51.100.66' };
    await sendRawFrame(wires.at(16), announcementOf(claim));
    const start = performance.now();
    await until(
      'the forgery of the other port is in the feed',
      async () =>
        (await engine.violations()).some(({ port, claimedMac }) => port?.endsWith('16') && claimedMac === claim.mac),
      busyMs,
    );
    took.push(performance.now() - start);
    await sleep(1_000);
  } while (!isOver() && took.length < 10);
  return took;
}

/** Sells servers one after the other until it is over; gives how long each took, ms. */
async function publishFor(
  engine: EngineProcess,
  name: string,
  isOver: () => boolean,
  mostMs: number,
): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + mostMs;
  for (let number = 1; !isOver() && performance.now() < end; number++) {
    const data = { serverId: `srv-${name}-${number}`, customerId: 'cust-1', port: `leaf2:Ethernet${number}`, vlan: 1 };
    took.push(await engine.publish(['ServerAdded', data]));
    await sleep(10);
  }
  return took;
}

async function sensorOf(engine: EngineProcess): Promise<SensorView> {
  const flooded = (await engine.sensors()).find(({ sensor }) => sensor === 'leaf1-e66');
  if (flooded === undefined) throw new Error('Coverage does not show the sensor of the flooded port.');
  return flooded;
}

/** Frames that came in at the flooded port. */
async function arrivedAt(wires: SensorWires): Promise<number> {
  const said = await run('ip', ['-n', wires.sw, '-s', '-j', 'link', 'show', 'vlan66']);
  const [link] = JSON.parse(said) as { readonly stats64: { readonly rx: { readonly packets: number } } }[];
  if (link === undefined) throw new Error('The flooded interface is gone.');
  return link.stats64.rx.packets;
}
