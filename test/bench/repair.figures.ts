import { IpCoprocess } from '../../src/transports/ip-coprocess.js';
import { createLab, type Lab, until } from '../lab/lab.js';
import { CarrierEngine } from './carrier-engine.js';
import { enginePort } from './carrier-lab.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

/** Who deletes the same entry more often than this is taken for another program at war, and is left alone for a while. */
const repairsOfOne = 3;

/** A neighbour entry of ours is deleted by hand: how long until it is there again. Wanted: p99 below 2 s. */
export async function repairFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const rounds = smoke ? 3 : 200;
  const lab = await createLab();
  const ip = new IpCoprocess(lab.sw, 5_000);
  let engine: CarrierEngine | undefined;
  try {
    engine = await CarrierEngine.start(lab, enginePort);
    const addresses = Array.from({ length: Math.ceil(rounds / repairsOfOne) }, (_, index) => `10.66.0.${index + 1}`);
    await engine.sellAddresses(addresses);
    const all = addresses.length + 2;
    await until('the switch has all entries', async () => (await entries(ip)) === all, 40_000);
    const ours: number[] = [];
    const limits: number[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await repaired(ip, addresses[Math.floor(round / repairsOfOne)] ?? '', all));
      limits.push(await byHand(lab, ip));
      if ((round + 1) % 50 === 0) say(`${round + 1} of ${rounds} hand edits`);
    }
    return [0.5, 0.99].map((share) =>
      rowOf({
        room: 'devices',
        name: `deleted entry is back, p${share * 100} of ${rounds}, wanted < 2 s (limit ip neigh replace at once)`,
        value: percentile(ours, share),
        unit: 'ms',
        limit: percentile(limits, share),
      }),
    );
  } finally {
    await engine?.close();
    await ip.close();
    await lab.close();
  }
}

const show = `neigh show dev ${enginePort} nud permanent`;

async function entries(ip: IpCoprocess): Promise<number> {
  const [answer] = await ip.run([show]);
  return Array.isArray(answer?.json) ? answer.json.length : 0;
}

async function repaired(ip: IpCoprocess, address: string, all: number): Promise<number> {
  await ip.run([`neigh del ${address} dev ${enginePort}`]);
  const start = performance.now();
  await until('the entry is there again', async () => (await entries(ip)) === all, 40_000);
  return performance.now() - start;
}

/** On a port that no engine drives: the least that a repair needs. */
async function byHand(lab: Lab, ip: IpCoprocess): Promise<number> {
  const start = performance.now();
  const { ipv4, mac } = lab.servers.vlan66;
  await ip.run([`neigh replace ${ipv4} lladdr ${mac} dev vlan66 nud permanent`]);
  await entries(ip);
  return performance.now() - start;
}
