import Database from 'better-sqlite3';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint, signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { newPrivateKey, parsePrivateKey, type Signer } from '../../src/audit/checkpoints/signed-note.js';
import type { GivenCheckpoint } from '../../src/audit/verification.js';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventMetadata } from '../../events/index.js';

/** An event as it lies in the file of a log; `data` and `metadata` are text there. */
export interface Row {
  readonly ordinal: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly leafHash: Buffer;
}

/** A log on a disk, and the checkpoints of it that are kept elsewhere. */
export interface SealedLog {
  readonly directory: string;
  readonly logId: string;
  readonly rows: readonly Row[];
  readonly signer: Signer;
  /** What was exported: one signed note for each size, smallest first. */
  readonly notes: readonly string[];
  readonly sizes: readonly number[];
}

const columns = 'ordinal, stream, revision, id, type, data, metadata, leaf_hash';
const firstTime = Date.parse('2026-03-01T03:14:00.000Z');
/** Events recorded at the same instant. */
const perBatch = 5;

/** Makes a log of `count` events of a few servers and signs a checkpoint at each of `sizes`. */
export async function sealLog(directory: string, count: number, sizes: readonly number[]): Promise<SealedLog> {
  const signer = parsePrivateKey(newPrivateKey('log.example'));
  if (signer === undefined) throw new Error('no key');
  const rows = Array.from({ length: count }, (_, index): Omit<Row, 'leafHash' | 'revision'> => {
    const batch = Math.floor(index / perBatch);
    const serverId = `srv-${(index * 7) % 4}`;
    return {
      ordinal: index,
      stream: `server-${serverId}`,
      id: `00000000-0000-5000-8000-${String(index).padStart(12, '0')}`,
      type: index % 3 === 0 ? 'ServerSuspended' : 'ServerMoved',
      data: canonicalJson({ serverId, port: `leaf1:Ethernet${index}`, vlan: index, reason: 'gr\u00fc\u00dfe' }),
      metadata: canonicalJson({
        source: 'urn:billing',
        sourceId: `fact-${index}`,
        schemaVersion: 1,
        time: new Date(firstTime - 60_000 + index).toISOString(),
        recordedAt: new Date(firstTime + batch * 1000).toISOString(),
      }),
    };
  });
  const logId = await buildLog(directory, rows);
  const store = await openEmbeddedStore({ directory });
  const notes: string[] = [];
  for (const size of sizes) notes.push(signCheckpoint(signer, { size, root: await store.tree.rootAt(size) }, logId));
  await store.close();
  return { directory, logId, rows: readRows(directory), signer, notes, sizes };
}

/** The checkpoints as the verification of a log takes them. */
export function givenFrom({ notes, signer }: SealedLog): GivenCheckpoint[] {
  return notes.map((note, index) => ({ where: `exported:${index + 1}`, ...openCheckpoint(note, [signer.verifier]) }));
}

/**
 * Writes these events anew through the store's own writer: fresh leaf hashes, a fresh tree, a fresh head, nothing of the
 * old file. With the id of another log it passes for that log.
 */
export async function buildLog(
  directory: string,
  rows: readonly Pick<Row, 'stream' | 'id' | 'type' | 'data' | 'metadata'>[],
  logId?: string,
): Promise<string> {
  rmSync(directory, { recursive: true, force: true });
  let recordedAt = 0;
  const store = await openEmbeddedStore({ directory, create: true, now: () => recordedAt });
  const own = store.logId;
  for (let first = 0; first < rows.length;) {
    const stamp = stampOf(rows[first]);
    let end = first;
    while (end < rows.length && stampOf(rows[end]) === stamp) end++;
    recordedAt = Date.parse(stamp);
    const outcomes = await store.appendMany(
      rows.slice(first, end).map(({ stream, id, type, data, metadata }) => {
        // The store's own stamp comes after it, and takes its place.
        const event = { id, type, data: JSON.parse(data) as object, metadata: JSON.parse(metadata) as EventMetadata };
        return { stream, expected: 'any', events: [event] };
      }),
    );
    if (outcomes.some(({ outcome }) => outcome !== 'stored')) throw new Error('The log could not be built anew');
    first = end;
  }
  await store.close();
  if (logId === undefined) return own;
  // What a store writes down beside its log names the other id; whoever owns the machine removes it.
  rmSync(join(directory, 'head'), { force: true });
  withFile(directory, (db) => db.prepare('UPDATE meta SET value = ? WHERE key = ?').run(logId, 'log-id'));
  return logId;
}

/** A copy of the log's directory in which the events are replaced by others, behind the store's back. */
export function copyWithRows({ directory }: SealedLog, to: string, rows: readonly Row[]): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(directory, to, { recursive: true });
  withFile(to, (db) => {
    const insert = db.prepare(`INSERT INTO event (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    db.transaction(() => {
      db.exec('DELETE FROM event');
      for (const row of rows)
        insert.run(row.ordinal, row.stream, row.revision, row.id, row.type, row.data, row.metadata, row.leafHash);
    })();
  });
}

/** The events in the file, in log order. */
export function readRows(directory: string): Row[] {
  return withFile(directory, (db) =>
    db.prepare<[], Row>(`SELECT ${columns} AS leafHash FROM event ORDER BY ordinal`).all(),
  );
}

/** The lines of an export of these events. */
export function exportOf(logId: string, rows: readonly Row[]): string[] {
  const lines = rows.map(({ ordinal, id, stream, revision, type, data, metadata }) =>
    JSON.stringify({
      ordinal,
      id,
      stream,
      revision,
      type,
      data: JSON.parse(data) as unknown,
      metadata: JSON.parse(metadata) as unknown,
    }),
  );
  return [JSON.stringify({ portledger: 'log', logId }), ...lines];
}

function withFile<Answer>(directory: string, use: (db: Database.Database) => Answer): Answer {
  const db = new Database(join(directory, 'log.db'));
  try {
    db.pragma('synchronous = OFF');
    return use(db);
  } finally {
    db.close();
  }
}

const stampOf = (row: Pick<Row, 'metadata'> | undefined): string =>
  row === undefined ? '' : (JSON.parse(row.metadata) as EventMetadata).recordedAt;
