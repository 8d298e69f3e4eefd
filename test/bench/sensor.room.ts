import { whyNoFlood } from '../lab/flood.js';
import { whyNoLab } from '../lab/lab-needs.js';
import { judgedFrames } from './judged-frames.figures.js';
import { liveFlood, wireToFeed } from './live-sensor.figures.js';
import { mapNews } from './map-news.figures.js';
import type { BenchRow } from './row.js';

const full = { servers: 1_000_000, frames: 500_000, runs: 5, changes: 300, forgeries: 50, floodSeconds: 10 };
const small = { servers: 20_000, frames: 20_000, runs: 1, changes: 10, forgeries: 3, floodSeconds: 1 };

/** What the sensor can take: frames judged, the size of its index, how late it tells the feed, and a flood. */
export async function sensorRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const size = smoke ? small : full;
  const rows = [...judgedFrames(size, say), ...(await mapNews(size.changes))];
  const noLab = whyNoLab() ?? whyNoFlood();
  if (noLab !== undefined) {
    say(`nothing is measured on real interfaces: ${noLab}`);
    return rows;
  }
  say('hearing real interfaces');
  return [...rows, ...(await wireToFeed(size.forgeries)), ...(await liveFlood(size.floodSeconds))];
}
