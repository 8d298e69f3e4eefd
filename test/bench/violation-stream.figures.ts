import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppConfig } from '../../src/config/app-config.js';
import { payloadOf } from '../../src/transports/event-stream.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { ViolationLog } from '../feed/violation-log.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const child = fileURLToPath(new URL('./stream-clients.child.js', import.meta.url));

export interface StreamSize {
  readonly clients: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** The figures are medians of so many runs, each of both in turn. */
  readonly rounds: number;
}

interface Heard {
  readonly events: number;
  readonly bytes: number;
  /** ms from just before an event was stored to when a client had it. */
  readonly p99: number;
  /** What the server needed for all of it; a loaded machine does not change it much. */
  readonly cpuMs: number;
}

/** Clients that follow the violations of an engine, beside a bare server that writes as many bytes to as many clients. */
export async function streamFigures(size: StreamSize, say: (text: string) => void): Promise<BenchRow[]> {
  const ours: Heard[] = [];
  const bare: Heard[] = [];
  for (let round = 0; round < size.rounds; round++) {
    say(`${size.clients} clients follow an engine`);
    ours.push(await withEngine(size));
    say(`${size.clients} clients follow a bare server`);
    bare.push(await withBareServer(size));
  }
  const expected = size.clients * size.perSecond * size.seconds;
  const fewest = Math.min(...[...ours, ...bare].map(({ events }) => events));
  if (fewest < expected) throw new Error(`clients got ${fewest} events of ${expected}`);
  const what = `${size.clients} clients, ${size.perSecond} events/s`;
  const figure = { room: 'feed' };
  return [
    rowOf({
      ...figure,
      name: `stream, CPU of the server: ${what}`,
      value: medianOf(ours, 'cpuMs'),
      unit: 'ms',
      limit: medianOf(bare, 'cpuMs'),
    }),
    rowOf({
      ...figure,
      name: `stream, stored -> received p99: ${what}`,
      value: medianOf(ours, 'p99'),
      unit: 'ms',
      limit: Math.max(1, medianOf(bare, 'p99')),
    }),
  ];
}

const medianOf = (runs: readonly Heard[], what: 'p99' | 'cpuMs'): number => median(runs.map((run) => run[what]));

async function withEngine(size: StreamSize): Promise<Heard> {
  const feed = Object.assign(new AppConfig().feed, { streamsPerCaller: 100_000, streamsInAll: 100_000 });
  const engine = await RunningEngine.start(undefined, { settings: { feed } });
  try {
    const samples = new ViolationLog();
    const { store } = engine.parts;
    const store1 = async (id: string): Promise<void> => {
      const { data, ...event } = samples.detected(id, { detail: `sent ${Date.now()}` });
      const stored = { id: event.id, type: event.type, data: data as object, metadata: event.metadata };
      await store.append({ stream: event.stream, expected: 'any', events: [stored] });
    };
    const url = `${engine.url}/v1/violations/stream`;
    return await heard(url, size, (n) => store1(`v${n}`), engine.tokens['security-analyst']);
  } finally {
    await engine.stop();
  }
}

async function withBareServer(size: StreamSize): Promise<Heard> {
  const answers: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    answers.push(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const samples = new ViolationLog();
    const { port } = server.address() as AddressInfo;
    const tell = (n: number): void => {
      const { data } = samples.detected(`v${n}`, { detail: `sent ${Date.now()}` });
      const bytes = payloadOf({ id: String(n), event: 'violation', data: data as object });
      for (const answer of answers) answer.write(bytes);
    };
    return await heard(`http://127.0.0.1:${port}/`, size, tell);
  } finally {
    for (const answer of answers) answer.destroy();
    server.close();
  }
}

/** Tells events at an even pace, or as fast as it goes where that is slower, and what became of them. */
async function heard(
  url: string,
  { clients, perSecond, seconds }: StreamSize,
  tell: (n: number) => void | Promise<void>,
  token = '-',
): Promise<Heard> {
  const listening = spawn(process.execPath, [child, url, String(clients), token, String(perSecond * seconds)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(listening.stdout)[Symbol.asyncIterator]();
  try {
    await lines.next();
    const before = process.cpuUsage();
    const start = performance.now();
    for (let n = 0; n < perSecond * seconds; n++) {
      const wait = start + (n * 1000) / perSecond - performance.now();
      if (wait > 0) await sleep(wait);
      await tell(n);
    }
    listening.stdin.write('and?\n');
    const { value } = (await lines.next()) as { value: string };
    const { user, system } = process.cpuUsage(before);
    return { ...(JSON.parse(value) as Omit<Heard, 'cpuMs'>), cpuMs: (user + system) / 1000 };
  } finally {
    await ended(listening);
  }
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}
