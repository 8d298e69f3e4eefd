import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { hardlyLimited } from '../e2e/running-engine.js';
import { bulkSource, eventsABatch } from './bulk-bodies.js';
import type { BulkMeasured } from './bulk-child.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const child = fileURLToPath(new URL('./bulk-child.js', import.meta.url));
const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const full = { batches: 120, warmUp: 40, runs: 5, connections: 4 };
const small = { batches: 4, warmUp: 1, runs: 1, connections: 2 };
const factsAServer = 4;

/** What the issue asks for, on a machine with nothing else to do. */
const wantedRate = 60_000;

/** One run of each side, interleaved so that both meet the same machine. */
interface Run {
  readonly published: BulkMeasured;
  /** Processor time the engine spent, all threads, in microseconds. */
  readonly engineCpu: number;
  readonly raw: BulkMeasured;
}

/** A whole import over HTTP, each batch validated, durable and answered, beside bare SQLite writing the same rows. */
export async function bulkFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const { batches, warmUp, runs, connections } = smoke ? small : full;
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  const tokenFile = join(directory, 'publisher.token');
  let engine: Running | undefined;
  try {
    engine = await startEngine(directory, tokenFile);
    const { url } = engine;
    const bare = await mkdtemp(join(directory, 'bare-'));
    const publish = (count: number, from: number): Promise<BulkMeasured> =>
      inChild(['publish', url, tokenFile, ...[count, connections, from].map(String)]);
    const writeRaw = (count: number, from: number): Promise<BulkMeasured> =>
      inChild(['raw', bare, String(count), String(from)]);
    say(`warming up with ${warmUp} batches of ${eventsABatch}`);
    await publish(warmUp, 0);
    await writeRaw(warmUp, 0);
    const measured: Run[] = [];
    for (let run = 1; run <= runs; run++) {
      const from = ((warmUp + (run - 1) * batches) * eventsABatch) / factsAServer;
      const raw = await writeRaw(batches, from);
      const before = engine.cpu();
      const published = await publish(batches, from);
      measured.push({ raw, published, engineCpu: engine.cpu() - before });
      say(
        `run ${run} of ${runs}: ${rateOf(published).toFixed(0)} events/s, bare SQLite ${rateOf(raw).toFixed(0)} events/s`,
      );
    }
    return rowsOf(measured, connections);
  } finally {
    await engine?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function rowsOf(runs: readonly Run[], connections: number): BenchRow[] {
  const room = 'store';
  const name = `bulk publish over HTTP, batches of ${eventsABatch}, ${connections} connections`;
  const rate = { room, value: median(runs.map(({ published }) => rateOf(published))), unit: 'events/s' };
  const bare = median(runs.map(({ raw }) => rateOf(raw)));
  const cpuOf = (cpu: number, { events }: BulkMeasured): number => cpu / events;
  return [
    rowOf({ ...rate, name: `${name}; limit: bare SQLite`, limit: bare, better: 'more' }),
    rowOf({ ...rate, name: `${name}; limit: what is wanted`, limit: wantedRate, goal: 1, better: 'more' }),
    rowOf({
      room,
      name: 'processor time of the engine an event published in bulk; limit: bare SQLite',
      value: median(runs.map(({ engineCpu, published }) => cpuOf(engineCpu, published))),
      unit: 'microseconds',
      limit: median(runs.map(({ raw }) => cpuOf(raw.cpu, raw))),
    }),
  ];
}

const rateOf = ({ events, milliseconds }: BulkMeasured): number => (events / milliseconds) * 1000;

async function inChild(args: readonly string[]): Promise<BulkMeasured> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, ...args], { timeout: 120_000 });
  return JSON.parse(stdout) as BulkMeasured;
}

interface Running {
  readonly url: string;
  /** Processor time of its process so far, all threads, in microseconds; Linux only, 0 elsewhere. */
  cpu(): number;
  stop(): Promise<void>;
}

/** An engine as `portledger serve` starts it, on a log and a token of its own. */
async function startEngine(directory: string, tokenFile: string): Promise<Running> {
  await writeFile(
    join(directory, 'portledger.json'),
    JSON.stringify({ listen: { port: 0 }, tokensFile: 'tokens.json', limits: hardlyLimited }),
  );
  const token = newToken();
  const sha256 = secretHash(token.secret).toString('hex');
  const createdAt = '2026-01-01T00:00:00.000Z';
  const about = { name: 'bench', scopes: ['publisher' as const], source: bulkSource, createdAt };
  writeTokens(join(directory, 'tokens.json'), [{ id: token.id, sha256, ...about }]);
  await writeFile(tokenFile, formatToken(token), { mode: 0o600 });
  const engine = spawn(process.execPath, [...profiling(), cli, 'serve', '--log-format', 'json'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = async (): Promise<void> => {
    if (engine.exitCode !== null || engine.signalCode !== null) return;
    const exited = once(engine, 'exit');
    engine.kill('SIGTERM');
    await exited;
  };
  try {
    return { url: await urlOf(engine), cpu: () => cpuOfProcess(engine.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const ticksASecond = 100; // USER_HZ, the same on every Linux that Node runs on.

/** utime and stime, fields 14 and 15 of proc_pid_stat(5), counted behind the name in brackets. */
function cpuOfProcess(pid: number | undefined): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  const [, behind = ''] = /\) (.*)$/s.exec(readFileSync(path, 'utf8')) ?? [];
  const [user = 0, system = 0] = behind.split(' ').slice(11, 13).map(Number);
  return ((user + system) / ticksASecond) * 1e6;
}

/** `PORTLEDGER_PROFILE=DIRECTORY` keeps a CPU profile of the engine there. */
function profiling(): string[] {
  const directory = process.env['PORTLEDGER_PROFILE'];
  return directory === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', directory];
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  let said = '';
  for await (const piece of stdout ?? []) {
    said += String(piece);
    const url = /listens on (\S+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The engine ended before it listened: ${said}`);
}
