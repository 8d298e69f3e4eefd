import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { snapshotNames } from '../../src/projector/snapshot-file.js';
import { generateLog, type LogSize } from './generated-log.js';
import type { ReplayMeasured } from './replay-child.js';
import type { Restarted } from './restart-child.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'store';
const program = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const runs = 3;
/** Bytes of resident memory a server may take, and milliseconds until the map of a long log is live from a snapshot. */
const mostBytes = 1_500;
const mostMs = 5_000;

const smallest: LogSize = { events: 6_000, servers: 1_000 };
const million: LogSize = { events: 1_000_000, servers: 166_000 };
const tenMillion: LogSize = { events: 10_000_000, servers: 200_000 };

/**
 * What a restart takes: a full replay beside reading and parsing the same pages, a start from a snapshot, and what the
 * map then weighs. 1M events with 6 a server; in the long form also 10M with 50 a server, which takes minutes to write.
 */
export async function restartFigures(
  smoke: boolean,
  say: (text: string) => void,
  long = process.env['PORTLEDGER_LONG'] === '1',
): Promise<BenchRow[]> {
  const sizes = smoke ? [smallest] : long ? [million, tenMillion] : [million];
  const rows: BenchRow[] = [];
  for (const size of sizes) rows.push(...(await figuresOf(size, smoke ? 1 : runs, say)));
  return rows;
}

async function figuresOf(size: LogSize, times: number, say: (text: string) => void): Promise<BenchRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  try {
    say(`writing ${size.events} events of ${size.servers} servers`);
    const store = await openEmbeddedStore({ directory, create: true });
    await generateLog(store, size).finally(() => store.close());
    const written = await restarted('write', directory, size);
    const [name = ''] = snapshotNames(join(directory, 'snapshots'));
    const { size: bytes } = await stat(join(directory, 'snapshots', name));
    const [bare, replays, starts]: [number[], Restarted[], Restarted[]] = [[], [], []];
    for (let run = 0; run < times; run++) {
      bare.push(await bareRead(directory, size));
      replays.push(await restarted('replay', directory, size));
      starts.push(await restarted('snapshot', directory, size));
      const [replay, start] = [replays.at(-1)?.milliseconds ?? 0, starts.at(-1)?.milliseconds ?? 0];
      say(`run ${run + 1} of ${times}: replay ${replay.toFixed(0)} ms, from the snapshot ${start.toFixed(0)} ms`);
    }
    return rowsOf(size, { bare, replays, starts, written, bytes });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Measured {
  readonly bare: readonly number[];
  readonly replays: readonly Restarted[];
  readonly starts: readonly Restarted[];
  readonly written: Restarted;
  /** Of the snapshot. */
  readonly bytes: number;
}

function rowsOf({ events, servers }: LogSize, { bare, replays, starts, written, bytes }: Measured): BenchRow[] {
  const of = `${events} events, ${servers} servers`;
  const middle = (all: readonly Restarted[], field: 'milliseconds' | 'rssBytes' | 'heapBytes'): number =>
    median(all.map((one) => one[field]));
  const weight = (name: string, total: number): BenchRow =>
    rowOf({ room, name: `${name}, ${of}`, value: total / servers, unit: 'bytes', limit: mostBytes, goal: 1 });
  return [
    rowOf({
      room,
      name: `restart by replay, ${of}`,
      value: middle(replays, 'milliseconds'),
      unit: 'ms',
      limit: median(bare),
      goal: 2.5,
    }),
    rowOf({
      room,
      name: `restart from a snapshot, ${of}`,
      value: middle(starts, 'milliseconds'),
      unit: 'ms',
      limit: mostMs,
      goal: 1,
    }),
    weight('resident memory a server after a replay', middle(replays, 'rssBytes')),
    weight('resident memory a server after a snapshot', middle(starts, 'rssBytes')),
    weight('objects and arrays a server', middle(starts, 'heapBytes')),
    rowOf({ room, name: `snapshot a server, ${of}`, value: bytes / servers, unit: 'bytes' }),
    rowOf({ room, name: `longest stall while it is written, ${of}`, value: written.stallMs, unit: 'ms' }),
  ];
}

async function restarted(task: 'replay' | 'write' | 'snapshot', directory: string, size: LogSize): Promise<Restarted> {
  const said = (await inChild('restart-child', task, directory)) as Restarted;
  if (said.ordinal !== size.events - 1 || said.servers !== size.servers || said.frozen !== 0)
    throw new Error(
      `the ${task} run saw ${JSON.stringify(said)}, expected ${size.events} events of ${size.servers} servers`,
    );
  return said;
}

/** Reading the log page by page and parsing it, and nothing else. */
async function bareRead(directory: string, size: LogSize): Promise<number> {
  const said = (await inChild('replay-child', 'limit', directory)) as ReplayMeasured;
  if (said.events !== size.events)
    throw new Error(`the bare reading saw ${said.events} events, expected ${size.events}`);
  return said.milliseconds;
}

async function inChild(name: string, task: string, directory: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program(name), task, directory], {
    timeout: 600_000,
  });
  return JSON.parse(stdout) as unknown;
}
