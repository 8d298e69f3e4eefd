import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLog } from '../../src/audit/verify-log.js';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { generateLog } from './generated-log.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'verify';
const full = { size: { events: 200_000, servers: 10_000 }, runs: 5 };
const small = { size: { events: 6_000, servers: 1_000 }, runs: 1 };

/** `audit verify` on a data directory, beside reading and parsing the same pages. */
export async function verifyRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const { size, runs } = smoke ? small : full;
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  try {
    say(`writing ${size.events} events of ${size.servers} servers`);
    const store = await openEmbeddedStore({ directory, create: true });
    await generateLog(store, size).finally(() => store.close());
    const reader = await openEmbeddedReader(directory);
    const verified: number[] = [];
    const bare: number[] = [];
    try {
      for (let run = 0; run < runs; run++) {
        bare.push(await perSecond(() => countEvents(reader)));
        verified.push(await perSecond(() => countVerified(reader)));
        say(`run ${run + 1} of ${runs}: ${verified.at(-1)?.toFixed(0)}/s, bare ${bare.at(-1)?.toFixed(0)}/s`);
      }
    } finally {
      await reader.close();
    }
    const [value, limit] = [median(verified), median(bare)];
    return [rowOf({ room, name: `events verified, ${size.events} events`, value, unit: '1/s', limit, better: 'more' })];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  return ((await work()) / (performance.now() - start)) * 1000;
}

async function countEvents(log: EventStore): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await log.readAll(after === undefined ? {} : { after });
    count += page.events.length;
    after = page.next;
  } while (after !== undefined);
  return count;
}

async function countVerified(log: EventStore): Promise<number> {
  const { size, findings } = await verifyLog(log, []);
  const [finding] = findings;
  if (finding !== undefined) throw new Error(`the bench's own log does not verify: ${JSON.stringify(finding)}`);
  return size;
}
