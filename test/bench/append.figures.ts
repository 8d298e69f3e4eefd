import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { NewEvent } from '../../src/event-store/event-store.port.js';
import { installEmmett, type Peer, plainFile, rawSqlite } from './append-rivals.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'store';
/** Concurrent publishers, and how many events they append in one run. */
const loads: readonly { readonly publishers: number; readonly events: number }[] = [
  { publishers: 1, events: 1_000 },
  { publishers: 8, events: 4_000 },
  { publishers: 64, events: 16_000 },
  { publishers: 512, events: 32_000 },
];

interface Samples {
  readonly ours: number[];
  readonly raw: number[];
  readonly plain: number[];
  readonly peer: number[];
}

/** Durable appends of one event each: ours, SQLite alone, a plain file, and another event store, one after the other in each round. */
export async function appendFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const root = mkdtempSync(join(tmpdir(), 'portledger-append-'));
  try {
    const peer = smoke ? 'it is not installed for a smoke run' : await installEmmett(join(root, 'peer'), say);
    if (typeof peer === 'string') say(`no peer figures: ${peer}`);
    return await measure(root, smoke, typeof peer === 'string' ? undefined : peer, say);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measure(
  root: string,
  smoke: boolean,
  peer: Peer | undefined,
  say: (text: string) => void,
): Promise<BenchRow[]> {
  const samples = loads.map((): Samples => ({ ours: [], raw: [], plain: [], peer: [] }));
  const stalls: number[] = [];
  const bytes: number[] = [];
  /** What the peer failed at once it would fail at again, and only after a long wait. */
  const failed = new Set<number>();
  for (let round = 0; round < (smoke ? 1 : 5); round++) {
    for (const [index, { publishers, events: count }] of loads.entries()) {
      const events = newEvents(smoke ? Math.min(count, 500) : count);
      const sample = samples[index];
      if (sample === undefined) continue;
      const ours = await within(root, (directory) => publish(directory, events, publishers));
      sample.ours.push(ours.perSecond);
      if (publishers === 64) {
        stalls.push(ours.stallMs);
        bytes.push(ours.bytesPerEvent);
      }
      sample.raw.push(await within(root, (directory) => rawSqlite(directory, events, publishers)));
      sample.plain.push(await within(root, (directory) => plainFile(directory, events, publishers)));
      if (peer !== undefined && !failed.has(publishers)) {
        const rate = await within(root, (directory) => peer(directory, publishers));
        if (typeof rate === 'number') sample.peer.push(rate);
        else {
          failed.add(publishers);
          say(`no peer figure, ${publishers} publishers: ${rate}`);
        }
      }
      say(
        `round ${round + 1}, ${publishers} publishers: ${ours.perSecond.toFixed(0)}/s, raw ${sample.raw.at(-1)?.toFixed(0)}/s`,
      );
    }
  }
  return rows(samples, stalls, bytes);
}

function rows(samples: readonly Samples[], stalls: readonly number[], bytes: readonly number[]): BenchRow[] {
  const unit = 'appends/s';
  const one = median(samples[0]?.ours ?? []);
  const appends = loads.flatMap(({ publishers }, index) => {
    const { ours, raw, plain, peer } = samples[index] ?? { ours: [], raw: [], plain: [], peer: [] };
    const value = median(ours);
    const goal = publishers === 64 ? { goal: 0.7, better: 'more' as const } : { better: 'more' as const };
    const others = peer.length === 0 ? {} : { peer: median(peer) };
    const name = `durable appends, ${publishers} publishers`;
    return [
      rowOf({ room, name: `${name}, beside SQLite alone`, value, unit, limit: median(raw), ...others, ...goal }),
      rowOf({ room, name: `${name}, beside a plain file`, value, unit, limit: median(plain), better: 'more' }),
    ];
  });
  const many = median(samples[2]?.ours ?? []);
  const ratio = { goal: 10, better: 'more' as const };
  return [
    ...appends,
    rowOf({ room, name: 'durable appends, 64 publishers beside one', value: many, unit, limit: one, ...ratio }),
    rowOf({ room, name: 'append stall of the main thread, 64 publishers, p99', value: median(stalls), unit: 'ms' }),
    rowOf({ room, name: 'log on disk', value: median(bytes), unit: 'bytes/event' }),
  ];
}

async function publish(
  directory: string,
  events: readonly NewEvent[],
  publishers: number,
): Promise<{ perSecond: number; stallMs: number; bytesPerEvent: number }> {
  const store = await openEmbeddedStore({ directory, create: true, scrub: false });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let next = 0;
  const start = performance.now();
  const publisher = async (): Promise<void> => {
    for (let event = events[next++]; event !== undefined; event = events[next++]) {
      const { serverId } = event.data as { readonly serverId: string };
      const answer = await store.append({ stream: `server-${serverId}`, expected: -1, events: [event] });
      if (answer.outcome !== 'stored') throw new Error(`an append of the bench was answered ${answer.outcome}`);
    }
  };
  await Promise.all(Array.from({ length: publishers }, publisher));
  const perSecond = (events.length / (performance.now() - start)) * 1000;
  delay.disable();
  await store.close();
  return {
    perSecond,
    // The monitor itself asks for a wake-up every millisecond.
    stallMs: Math.max(0, delay.percentile(99) / 1e6 - 1),
    bytesPerEvent: statSync(join(directory, 'log.db')).size / events.length,
  };
}

let made = 0;

function newEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, () => {
    const number = made++;
    const serverId = `srv-${number}`;
    const place = { port: `leaf${number % 40}:Ethernet${number % 48}`, vlan: 100 + (number % 40) };
    const data = { serverId, customerId: `cust-${number >>> 2}`, ...place, mac: '52:00:00:00:00:01' };
    const time = '2026-01-01T00:00:00.000Z';
    const metadata = { source: 'urn:bench:billing', sourceId: `fact-${number}`, schemaVersion: 1, time };
    return { id: randomUUID(), type: 'ServerAdded', data, metadata };
  });
}

async function within<Value>(root: string, run: (directory: string) => Value | Promise<Value>): Promise<Value> {
  const directory = join(root, 'run');
  mkdirSync(directory);
  try {
    return await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
