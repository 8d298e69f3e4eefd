import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { generateLog, type LogSize } from './generated-log.js';
import type { ReplayMeasured } from './replay-child.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'replay';
const child = fileURLToPath(new URL('./replay-child.js', import.meta.url));
const full = { size: { events: 300_000, servers: 50_000 }, runs: 5 };
/** That a server may take. */
const mostBytes = 1_500;
const small = { size: { events: 6_000, servers: 1_000 }, runs: 1 };

/** A restart: the whole log into the map, beside reading and parsing the same pages; and what the map weighs. */
export async function replayRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const { size, runs } = smoke ? small : full;
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  try {
    say(`writing ${size.events} events of ${size.servers} servers`);
    const store = await openEmbeddedStore({ directory, create: true });
    await generateLog(store, size).finally(() => store.close());
    return await measured(directory, size, runs, say);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measured(
  directory: string,
  size: LogSize,
  runs: number,
  say: (text: string) => void,
): Promise<BenchRow[]> {
  const limits: number[] = [];
  const replays: number[] = [];
  const rss: number[] = [];
  const heap: number[] = [];
  for (let run = 0; run < runs; run++) {
    const limit = await inChild('limit', directory, size);
    const replay = await inChild('replay', directory, size);
    limits.push(limit.milliseconds);
    replays.push(replay.milliseconds);
    rss.push(replay.rssBytes / size.servers);
    heap.push(replay.heapBytes / size.servers);
    say(`run ${run + 1} of ${runs}: ${replay.milliseconds.toFixed(0)} ms, bare ${limit.milliseconds.toFixed(0)} ms`);
  }
  const events = `${size.events} events, ${size.servers} servers`;
  return [
    rowOf({
      room,
      name: `log into map, ${events}`,
      value: median(replays),
      unit: 'ms',
      limit: median(limits),
      goal: 2.5,
    }),
    rowOf({ room, name: 'resident memory a server', value: median(rss), unit: 'bytes', limit: mostBytes, goal: 1 }),
    rowOf({ room, name: 'objects and arrays a server', value: median(heap), unit: 'bytes', limit: mostBytes, goal: 1 }),
  ];
}

async function inChild(what: 'limit' | 'replay', directory: string, size: LogSize): Promise<ReplayMeasured> {
  const args = ['--expose-gc', child, what, directory];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  const said = JSON.parse(stdout) as ReplayMeasured;
  const servers = what === 'limit' ? 0 : size.servers;
  if (said.events !== size.events || said.servers !== servers || said.frozen !== 0)
    throw new Error(`the ${what} run saw ${stdout.trim()}, expected ${size.events} events of ${servers} servers`);
  return said;
}
