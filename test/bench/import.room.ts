import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CommandLine } from '../cli/command-line.js';
import { type BenchRow, rowOf } from './row.js';

const cli = resolve('dist/src/cli.js');
const full = 20_000;
const small = 200;
/** What the issue asks for 20,000 servers. */
const wantedSeconds = 60;
const eventsAServer = 3;

/**
 * A CSV of servers with a prefix and an add-on each, published to an engine of its own by the command line; then the same again.
 * @param events to be imported (`--events`), three for each server
 */
export async function importRoom(
  smoke: boolean,
  say: (text: string) => void,
  events = full * eventsAServer,
): Promise<BenchRow[]> {
  const servers = smoke ? small : Math.floor(events / eventsAServer);
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  const line = new CommandLine(directory);
  try {
    await writeFile(join(directory, 'servers.csv'), csvOf(servers));
    const url = await line.serve();
    const words = [...(await line.token('publisher')), '--url', url, '--source', 'urn:test', '--json'];
    const first = await seconds(directory, words, servers);
    say(`${servers} servers in ${first.toFixed(1)} s`);
    const again = await seconds(directory, words, servers);
    say(`the same again in ${again.toFixed(1)} s`);
    const row = { room: 'import', unit: 's', limit: (wantedSeconds * Math.max(servers, full)) / full, goal: 1 };
    const name = `${servers} servers with prefix and add-on by portledger import csv --publish; limit: what is wanted`;
    return [rowOf({ ...row, name, value: first }), rowOf({ ...row, name: `the same again: ${name}`, value: again })];
  } finally {
    await line.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The whole call, the start of its process included. */
async function seconds(directory: string, words: readonly string[], servers: number): Promise<number> {
  const began = performance.now();
  const call = [cli, 'import', 'csv', 'servers.csv', '--publish', ...words];
  const { stdout } = await promisify(execFile)(process.execPath, call, { cwd: directory });
  const took = (performance.now() - began) / 1000;
  const { engine } = JSON.parse(stdout) as { engine: { acknowledged: number } };
  if (engine.acknowledged !== eventsAServer * servers)
    throw new Error(`The engine acknowledged ${engine.acknowledged} events of ${eventsAServer * servers}.`);
  return took;
}

function csvOf(servers: number): string {
  const lines = Array.from({ length: servers }, (_, number) => {
    const [hex, vlan] = [number.toString(16).padStart(8, '0'), 2 + (number % 4000)];
    const mac = `5254${hex}`.replace(/(..)(?=.)/g, '$1:');
    const place = `leaf${Math.floor(number / 4000)},Ethernet${number},${vlan}`;
    const ipv4 = `10.${number >>> 16}.${(number >>> 8) & 255}.${number & 255}`;
    return `srv-${number},cust-${number % 500},${place},${mac},2a00:${hex.slice(0, 4)}:${hex.slice(4)}::/48,${ipv4},2026-01-01T00:00:00Z\n`;
  });
  return `server,customer,switch,interface,vlan,mac,prefixes,ipv4,since\n${lines.join('')}`;
}
