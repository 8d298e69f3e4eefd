import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { bulkSource, eventsABatch } from './bulk-bodies.js';
import type { BulkMeasured } from './bulk-child.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const child = fileURLToPath(new URL('./bulk-child.js', import.meta.url));
const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const full = { batches: 120, warmUp: 40, runs: 5, connections: 4 };
const small = { batches: 4, warmUp: 1, runs: 1, connections: 2 };
const factsAServer = 4;

/** A whole import over HTTP, each batch validated, durable and answered, beside bare SQLite writing the same rows. */
export async function bulkFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const { batches, warmUp, runs, connections } = smoke ? small : full;
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  const tokenFile = join(directory, 'publisher.token');
  let engine: Running | undefined;
  try {
    engine = await startEngine(directory, tokenFile);
    const { url } = engine;
    let firstServer = 0;
    const publish = async (count: number): Promise<number> => {
      const measured = await inChild(['publish', url, tokenFile, ...[count, connections, firstServer].map(String)]);
      firstServer += (count * eventsABatch) / factsAServer;
      return rateOf(measured);
    };
    say(`warming up with ${warmUp} batches of ${eventsABatch}`);
    await publish(warmUp);
    const [rates, limits]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      limits.push(await rawRate(directory, batches));
      rates.push(await publish(batches));
      const [rate = 0, limit = 0] = [rates.at(-1), limits.at(-1)];
      say(`run ${run + 1} of ${runs}: ${rate.toFixed(0)} events/s, bare SQLite ${limit.toFixed(0)}`);
    }
    const name = `bulk publish over HTTP, batches of ${eventsABatch}, ${connections} connections`;
    const rate = { room: 'store', name, value: median(rates), unit: 'events/s' };
    return [rowOf({ ...rate, limit: median(limits) })];
  } finally {
    await engine?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const rateOf = ({ events, milliseconds }: BulkMeasured): number => (events / milliseconds) * 1000;

async function rawRate(parent: string, batches: number): Promise<number> {
  const directory = await mkdtemp(join(parent, 'raw-'));
  try {
    return rateOf(await inChild(['raw', directory, String(batches)]));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function inChild(args: readonly string[]): Promise<BulkMeasured> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, ...args], { timeout: 120_000 });
  return JSON.parse(stdout) as BulkMeasured;
}

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** An engine as `portledger serve` starts it, on a log and a token of its own. */
async function startEngine(directory: string, tokenFile: string): Promise<Running> {
  await writeFile(
    join(directory, 'portledger.json'),
    JSON.stringify({ listen: { port: 0 }, tokensFile: 'tokens.json' }),
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
    return { url: await urlOf(engine), stop };
  } catch (error) {
    await stop();
    throw error;
  }
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
