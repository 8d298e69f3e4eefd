import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { CarrierEngine } from './carrier-engine.js';
import { barePort, CarrierLab, enginePort } from './carrier-lab.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

const bareScript = fileURLToPath(new URL('./bare-announcer.js', import.meta.url));
/** The kernel delays what follows within a second of an earlier change of a link. */
export const calmMs = 1_100;

export interface CarrierRounds {
  readonly room: string;
  readonly rounds: number;
  /** Pause in ms before each change of a link. */
  readonly calm: number;
  readonly goal: number;
}

export function carrierRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const rounds = smoke ? 3 : 50;
  return carrierFigures({ room: 'carrier', rounds, calm: smoke ? calmMs / 4 : calmMs, goal: 2 }, say);
}

/** Carrier up at the server's end until its /48 and /32 are in the upstream's table: the engine beside a bare script. */
export async function carrierFigures(
  { room, rounds, calm, goal }: CarrierRounds,
  say: (text: string) => void,
): Promise<BenchRow[]> {
  const lab = await CarrierLab.build();
  let engine: CarrierEngine | undefined;
  let bare: ChildProcess | undefined;
  try {
    engine = await CarrierEngine.start(lab.lab, enginePort);
    bare = await startBare(lab);
    const ours: number[] = [];
    const limits: number[] = [];
    const syncs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await sleep(calm);
      limits.push(await lab.carrierUp(barePort));
      await sleep(calm);
      ours.push(await lab.carrierUp(enginePort));
      syncs.push(lab.waitForDisk());
      if ((round + 1) % 10 === 0) say(`${round + 1} of ${rounds} rounds`);
      await sleep(calm);
      await Promise.all([
        lab.carrierDown(barePort, lab.bareInclude('6')),
        lab.carrierDown(enginePort, lab.lab.bird.include6),
      ]);
    }
    const shares = [0.5, 0.99];
    const named = (what: string, share: number): string => `${what}, p${share * 100} of ${rounds}`;
    return [
      ...shares.map((share) =>
        rowOf({
          room,
          name: named('carrier up to route at the upstream', share),
          value: percentile(ours, share),
          unit: 'ms',
          limit: percentile(limits, share),
          goal,
        }),
      ),
      // The bare script waits for no disk; we wait twice: the link and the intent are in the log before a route is written.
      ...shares.map((share) =>
        rowOf({ room, name: named('one fsync of 4 KiB', share), value: percentile(syncs, share), unit: 'ms' }),
      ),
    ];
  } finally {
    bare?.disconnect();
    await engine?.close();
    await lab.close();
  }
}

async function startBare(carrier: CarrierLab): Promise<ChildProcess> {
  const { lab } = carrier;
  const { prefix, linkLocal, ipv4 } = lab.servers[barePort];
  const route6 = `route ${prefix} via ${linkLocal}%${barePort} { bgp_med = 0; };`;
  const route4 = `route ${ipv4}/32 via "${barePort}" { bgp_med = 0; };`;
  const child = fork(
    bareScript,
    [lab.sw, barePort, lab.bird.socket, carrier.bareInclude('6'), route6, carrier.bareInclude('4'), route4],
    { execArgv: [] },
  );
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the bare script ended with ${code} before it was ready`)));
  });
  await sleep(300); // its `ip monitor` says nothing when it listens
  return child;
}
