import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../lab/lab.js';
import { createPiRack, type PiRack } from '../lab/pi-rack.js';
import { gatewayOf, gatewaysOf, soldTo } from '../lab/pi-sale.js';
import { startBare } from './bare-rack-script.js';
import { BenchEngine } from './bench-engine.js';
import { calmMs } from './carrier.room.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const patienceMs = 60_000;

/**
 * 96 servers at two switches get power at once: from the first cable that comes up until the upstream has the last of their
 * routes. The engine beside a bare script that hears, writes and reloads, on the same rack one after the other.
 */
export async function coldBootFigures(room: string, rounds: number, say: (text: string) => void): Promise<BenchRow[]> {
  const rack = await createPiRack();
  try {
    const bare = await startBare(rack);
    const limits = await boots(rack, rounds, (text) => say(`bare script, ${text}`)).finally(() => bare.disconnect());
    const engine = await startEngine(rack);
    try {
      const ours = await boots(rack, rounds, (text) => say(`engine, ${text}`));
      const name = `cold boot of ${rack.pis.length} ports to the last route at the upstream, median of ${rounds}`;
      return [rowOf({ room, name, value: median(ours), unit: 'ms', limit: median(limits), goal: 2 })];
    } finally {
      await engine.close();
    }
  } finally {
    await rack.close();
  }
}

async function boots(rack: PiRack, rounds: number, say: (text: string) => void): Promise<number[]> {
  const times: number[] = [];
  const all = rack.pis.length;
  for (let round = 0; round < rounds; round++) {
    await sleep(calmMs);
    const start = performance.now();
    rack.powerOn();
    await until('every route is at the upstream', async () => (await rack.announced()) === all, patienceMs);
    times.push(performance.now() - start);
    const answering = await rack.answering();
    say(`boot ${round + 1} of ${rounds}: ${times.at(-1)?.toFixed(0)} ms, ${answering} of ${all} answer a ping`);
    rack.powerOff();
    await until('no route is at the upstream', async () => (await rack.announced()) === 0, patienceMs);
  }
  return times;
}

/** An engine that has sold every server, with their neighbour entries on both switches. */
async function startEngine(rack: PiRack): Promise<BenchEngine> {
  for (const { bird } of rack.switches) writeFileSync(bird.include6, '');
  const gateways = gatewaysOf(rack);
  const engine = await BenchEngine.start(rack.directory, { linkUpsPerMinute: 1_000, gateways });
  try {
    for (const one of rack.switches) {
      await engine.publish([gatewayOf(one), ...one.pis.flatMap(soldTo)]);
      await engine.approveFirstPlan(one.name);
    }
    await until(
      'the switches have the entries of every server',
      async () => (await rack.entries()) === rack.pis.length,
    );
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
