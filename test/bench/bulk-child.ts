import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import { leafHash } from '../../src/event-store/leaf-hash.js';
import { createLog, logFileName } from '../../src/event-store/embedded/log-file.js';
import { placeCheck } from '../../src/event-store/embedded/row-check.js';
import { openSqlite } from '../../src/event-store/sqlite.js';
import { bulkBodies, eventsABatch } from './bulk-bodies.js';

// A process of its own for each side, so that neither pays for the other:
// `bulk-child.js publish URL TOKENFILE BATCHES CONNECTIONS FIRSTSERVER` and `bulk-child.js raw DIRECTORY BATCHES FIRSTSERVER` print JSON.

export interface BulkMeasured {
  readonly events: number;
  readonly milliseconds: number;
  /** Processor time of this process while it measured, all threads, in microseconds. */
  readonly cpu: number;
}

/** Sends bodies that are ready, over a few connections that stay open; answers are looked at when the clock has stopped. */
async function publish(url: string, token: string, bodies: Buffer[], connections: number): Promise<BulkMeasured> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answers: Buffer[] = [];
  const waiting = [...bodies];
  const one = async (): Promise<void> => {
    for (let body = waiting.shift(); body !== undefined; body = waiting.shift())
      answers.push(await send(agent, url, token, body));
  };
  const stop = clock();
  await Promise.all(Array.from({ length: connections }, one));
  const spent = stop();
  agent.destroy();
  for (const answer of answers) {
    const text = answer.toString();
    const stored = text.split('"status":201').length - 1;
    if (stored !== eventsABatch) throw new Error(`${stored} of ${eventsABatch} were stored: ${text.slice(0, 300)}`);
  }
  return { events: bodies.length * eventsABatch, ...spent };
}

function clock(): () => Omit<BulkMeasured, 'events'> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { milliseconds: performance.now() - start, cpu: user + system };
  };
}

function send(agent: Agent, url: string, token: string, body: Buffer): Promise<Buffer> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/cloudevents-batch+json',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/events`, { method: 'POST', agent, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(Buffer.concat(pieces)));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

type Row = [
  ordinal: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  leaf: Buffer,
  placeCheck: number,
];

/**
 * What the embedded store cannot do without: the same rows, made beforehand, in one durable transaction a batch.
 * They go on behind what an earlier run left there, as the engine's do: an index that fits the cache would be too good a limit.
 */
function raw(directory: string, batches: number, firstServer: number): BulkMeasured {
  const path = join(directory, logFileName);
  if (!existsSync(path)) createLog(path);
  const db = openSqlite(path, { access: 'write', waitForLocksMs: 0 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  const insert = db.prepare<Row>('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const store = db.transaction((rows: readonly Row[]) => {
    for (const row of rows) insert.run(...row);
  });
  const first = db.prepare<[], number>('SELECT count(*) FROM event').pluck().get() ?? 0;
  const work = rowsOf(bulkBodies(batches, firstServer), first);
  const stop = clock();
  for (const rows of work) store.immediate(rows);
  const spent = stop();
  db.close();
  return { events: batches * eventsABatch, ...spent };
}

function rowsOf(bodies: readonly Buffer[], firstOrdinal: number): Row[][] {
  let ordinal = firstOrdinal;
  return bodies.map((body) =>
    (JSON.parse(body.toString()) as Sent[]).map((sent): Row => {
      const { id: sourceId, source, type, subject, time, data } = sent;
      const stamps = { source, sourceId, schemaVersion: 1, time, recordedAt: time };
      const [stream, metadata] = [`server-${subject}`, canonicalJson(stamps)];
      const id = spreadId(ordinal);
      const leaf = { id, stream, type, data: canonicalJson(data), metadata };
      const revision = ordinal % 4;
      const place = ordinal++;
      return [place, stream, revision, id, type, leaf.data, metadata, leafHash(leaf), placeCheck(place, revision)];
    }),
  );
}

/** Ids come in no order, as those that intake makes do: an index that only grows at its end would be too good a limit. */
function spreadId(ordinal: number): string {
  const digits = (Math.imul(ordinal, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${digits}-0000-5000-8000-${ordinal.toString(16).padStart(12, '0')}`;
}

interface Sent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: object;
}

async function measure([what, first = '', second = '', ...counts]: readonly string[]): Promise<BulkMeasured> {
  if (what === 'raw') return raw(first, Number(second), Number(counts[0]));
  const [batches = 1, connections = 1, firstServer = 0] = counts.map(Number);
  return publish(first, readFileSync(second, 'utf8'), bulkBodies(batches, firstServer), connections);
}

process.stdout.write(`${JSON.stringify(await measure(process.argv.slice(2)))}\n`);
