import { spawn } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import type { NewEvent } from '../../src/event-store/event-store.port.js';
import { createLog } from '../../src/event-store/log-file.js';
import { openSqlite } from '../../src/event-store/sqlite.js';

/** Appends per second of somebody who stores these events, `atOnce` in each durable step. */
export type Rival = (directory: string, events: readonly NewEvent[], atOnce: number) => number;

const leaf = Buffer.alloc(32, 7);
const streamOf = ({ data }: NewEvent): string => `server-${String((data as { serverId: string }).serverId)}`;

/** better-sqlite3 alone: the rows, ready made, into the tables of a log, a transaction for each step. */
export const rawSqlite: Rival = (directory, events, atOnce) => {
  const path = join(directory, 'raw.db');
  createLog(path);
  const db = openSqlite(path, { access: 'write', waitForLocksMs: 0 });
  for (const setting of ['journal_mode = WAL', 'synchronous = FULL']) db.pragma(setting);
  const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const recordedAt = '2026-01-01T00:00:00.000Z';
  const rows = events.map((event, ordinal) => {
    const metadata = canonicalJson({ ...event.metadata, recordedAt });
    return [ordinal, streamOf(event), 0, event.id, event.type, canonicalJson(event.data), metadata, leaf, ordinal];
  });
  const perSecond = measured(events.length, () => {
    for (let at = 0; at < rows.length; at += atOnce) {
      begin.run();
      for (const row of rows.slice(at, at + atOnce)) insert.run(...row);
      commit.run();
    }
  });
  db.close();
  return perSecond;
};

/** The same bytes at the end of a plain file, with fdatasync after each step: no index, no table, nothing to read by. */
export const plainFile: Rival = (directory, events, atOnce) => {
  const lines = events.map((event) => `${streamOf(event)} ${canonicalJson(event)}\n`);
  const file = openSync(join(directory, 'plain'), 'w');
  const perSecond = measured(events.length, () => {
    for (let at = 0; at < lines.length; at += atOnce) {
      writeSync(file, lines.slice(at, at + atOnce).join(''));
      fdatasyncSync(file);
    }
  });
  closeSync(file);
  return perSecond;
};

function measured(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return (count / (performance.now() - start)) * 1000;
}

const installMinutes = 5;

/** Another event store on SQLite, as a user of it would call it from so many concurrent publishers. */
export interface Peer {
  appendsPerSecond(directory: string, events: readonly NewEvent[], publishers: number): Promise<number>;
}

interface EmmettStore {
  appendToStream(stream: string, events: readonly { type: string; data: object; metadata: object }[]): Promise<unknown>;
  close?(): Promise<void>;
}

/**
 * Installs @event-driven-io/emmett-sqlite in a directory of its own and loads it; a text says why that could not be done.
 * It is no dependency of this project: it is there to be measured.
 */
export async function installEmmett(directory: string, say: (text: string) => void): Promise<Peer | string> {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{"private":true,"type":"module"}');
    say(`installing @event-driven-io/emmett-sqlite, at most ${installMinutes} minutes`);
    const packages = ['@event-driven-io/emmett-sqlite', '@event-driven-io/emmett', 'sqlite3', 'uuid'];
    const flags = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--no-save'];
    await npm(directory, ['install', ...flags, ...packages]);
    const found = createRequire(join(directory, 'package.json')).resolve('@event-driven-io/emmett-sqlite');
    const emmett = (await import(pathToFileURL(found).href)) as Record<string, unknown>;
    const open = emmett['getSQLiteEventStore'];
    if (typeof open !== 'function') return 'it has no getSQLiteEventStore';
    return { appendsPerSecond: (into, events, publishers) => emmettRate(open as OpenEmmett, into, events, publishers) };
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
  }
}

/** Runs npm; when it takes too long, everything that it started ends with it. */
function npm(directory: string, parameters: readonly string[]): Promise<void> {
  const child = spawn('npm', parameters, { cwd: directory, stdio: 'ignore', detached: true });
  return new Promise((resolve, reject) => {
    const impatient = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, installMinutes * 60_000);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(impatient);
      if (code === 0) resolve();
      else reject(new Error(`npm install ended with ${code ?? signal}`));
    });
  });
}

type OpenEmmett = (options: object) => EmmettStore;

async function emmettRate(
  open: OpenEmmett,
  directory: string,
  events: readonly NewEvent[],
  publishers: number,
): Promise<number> {
  const store = open({ fileName: join(directory, 'emmett.db'), schema: { autoMigration: 'CreateOrUpdate' } });
  const queue = [...events];
  let stored = 0;
  const start = performance.now();
  const publish = async (): Promise<void> => {
    for (let event = queue.pop(); event !== undefined; event = queue.pop()) {
      const { type, data, metadata } = event;
      // Concurrent appends are refused while another one is under way; a refused one is not counted.
      stored += await store.appendToStream(streamOf(event), [{ type, data, metadata }]).then(
        () => 1,
        () => 0,
      );
    }
  };
  await Promise.all(Array.from({ length: publishers }, publish));
  const perSecond = (stored / (performance.now() - start)) * 1000;
  await store.close?.();
  return perSecond;
}
