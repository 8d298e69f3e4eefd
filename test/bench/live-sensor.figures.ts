import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { sendFlood, writeForgedClaims } from '../lab/flood.js';
import { sendFrames } from '../lab/lab-forge.js';
import { until } from '../lab/lab.js';
import { arp, ethernet } from '../sensor/capture/frames.js';
import { openLiveSensor } from './live-sensor.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

const room = 'sensor';
/** From the kernel's time stamp of a frame until whoever follows the feed is told, ms. */
const wantedMs = 50;
const perSecond = 200_000;

/** A forged frame at a real interface until the map that the feed is made of has its violation. */
export async function wireToFeed(rounds: number): Promise<BenchRow[]> {
  const sensor = await openLiveSensor(16);
  const took: number[] = [];
  const { liveMap } = sensor.projector;
  const listening = liveMap.events$.subscribe((events) => {
    for (const { type, metadata } of events)
      if (type === 'ViolationDetected') took.push(Date.now() - Date.parse(metadata.time ?? ''));
  });
  try {
    for (let round = 1; round <= rounds; round++) {
      const mac = `02${randomBytes(5).toString('hex')}`;
      const frame = ethernet(0x0806, arp(2, mac, 'c6336442', 'ffffffffffff', 'c6336401'), { from: mac });
      const before = took.length;
      const { servers } = sensor.wires;
      await sendFrames(servers, 'eth16', [frame.toString('hex')]);
      await until(`violation ${round} is in the feed`, () => took.length > before);
    }
    const name = `frame on the wire to feed, p99 of ${took.length}`;
    return [rowOf({ room, name, value: percentile(took, 0.99), unit: 'ms', limit: wantedMs, goal: 1 })];
  } finally {
    listening.unsubscribe();
    await sensor.close();
  }
}

/** Forged frames at a real interface as fast as wanted: each of them is heard, or counted as dropped. */
export async function liveFlood(seconds: number): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), `pllab-${process.pid}-live-`));
  const sensor = await openLiveSensor(66);
  try {
    const file = join(directory, 'forged.pcap');
    writeForgedClaims(file, 100_000);
    const { sent, perSecond: reached } = await sendFlood(sensor.wires.at(66), file, { perSecond, seconds });
    await until('the flood was heard to its end', () => (sensor.state().queue ?? 0) === 0);
    await sensor.stop();
    const { frames, dropped = 0 } = sensor.state();
    const of = (what: string): string => `live from veth, ${what}`;
    return [
      rowOf({
        room,
        name: of('sent, of what was wanted'),
        value: reached,
        unit: '1/s',
        limit: perSecond,
        better: 'more',
      }),
      rowOf({
        room,
        name: of('captured and judged, of those sent'),
        value: frames,
        unit: 'frames',
        limit: sent,
        better: 'more',
      }),
      rowOf({ room, name: of('dropped and counted, of those sent'), value: dropped, unit: 'frames', limit: sent }),
      rowOf({ room, name: of('lost uncounted'), value: sent - frames - dropped, unit: 'frames', limit: sent, goal: 0 }),
    ];
  } finally {
    await sensor.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
