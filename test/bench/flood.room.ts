import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeForgedClaims } from '../lab/flood.js';
import { SensorWires } from '../lab/sensor-wires.js';
import { EngineProcess } from '../sensor/flood/engine-process.js';
import { type FloodFigures, floodEngine } from '../sensor/flood/flood-attack.js';
import { floodGoals } from '../sensor/flood/flood-goals.js';
import { type BenchRow, type Figure, rowOf } from './row.js';
import { percentile } from './statistics.js';

const full = { claims: 200_000, seconds: 10, quietSeconds: 5, settleMs: 11_000 };
const small = { claims: 2_000, seconds: 1, quietSeconds: 1, settleMs: 0 };

/** An engine in a process of its own under a flood of forged claims from one port: what it costs, and whom it keeps waiting. */
export async function floodRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const { claims, ...shape } = smoke ? small : full;
  const directory = mkdtempSync(join(tmpdir(), `pllab-${process.pid}-flood-`));
  const wires = await SensorWires.lay([16, 66]);
  let engine: EngineProcess | undefined;
  try {
    const capture = join(directory, 'forged.pcap');
    writeForgedClaims(capture, claims);
    engine = await EngineProcess.start(wires, [16, 66]);
    say(`flooding one port for ${shape.seconds} s`);
    return rowsOf(await floodEngine(engine, wires, { capture, perSecond: floodGoals.perSecond, ...shape }));
  } finally {
    await engine?.close();
    wires.remove();
    rmSync(directory, { recursive: true, force: true });
  }
}

function rowsOf(figures: FloodFigures): BenchRow[] {
  const { perSecond, arrived, judged, dropped, lost, stored, reportedMs, memory, publishing } = figures;
  const quietMs = percentile(publishing.quiet, 0.99);
  const rows: readonly Omit<Figure, 'room'>[] = [
    { name: 'sent, of what was wanted', value: perSecond, unit: '1/s', limit: floodGoals.perSecond, better: 'more' },
    { name: 'events stored', value: stored, unit: 'events', limit: floodGoals.events, goal: 1 },
    { name: 'memory of the engine, at most', value: memory.peak, unit: 'MiB', limit: floodGoals.memoryMib, goal: 1 },
    { name: 'memory of the engine, quiet', value: memory.quiet, unit: 'MiB', limit: floodGoals.memoryMib },
    {
      name: `publish p99 of ${publishing.flooded.length}, of quiet`,
      value: percentile(publishing.flooded, 0.99),
      unit: 'ms',
      limit: quietMs,
      goal: floodGoals.publishRatio,
    },
    {
      name: `other port's forgery in the feed, worst of ${reportedMs.length}`,
      value: Math.max(...reportedMs),
      unit: 'ms',
      limit: floodGoals.reportMs,
      goal: 1,
    },
    { name: 'judged, of those that arrived', value: judged, unit: 'frames', limit: arrived, better: 'more' },
    { name: 'dropped and counted, of those that arrived', value: dropped, unit: 'frames', limit: arrived },
    {
      name: 'missing, of those that arrived',
      value: arrived - judged - dropped - lost,
      unit: 'frames',
      limit: arrived,
      goal: 0,
    },
  ];
  return rows.map((row) => rowOf({ room: 'flood', ...row }));
}
