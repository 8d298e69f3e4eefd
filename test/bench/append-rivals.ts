import { execFile, spawn } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import type { NewEvent } from '../../src/event-store/event-store.port.js';
import { createLog } from '../../src/event-store/embedded/log-file.js';
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

/** Another event store on SQLite: appends per second, or why there are none. */
export type Peer = (directory: string, publishers: number) => Promise<number | string>;

/**
 * Installs @event-driven-io/emmett-sqlite in a directory of its own; a text says why that could not be done.
 * It is no dependency of this project: it is there to be measured.
 */
export async function installEmmett(directory: string, say: (text: string) => void): Promise<Peer | string> {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{"private":true,"type":"module"}');
    say(`installing @event-driven-io/emmett-sqlite, at most ${installMinutes} minutes`);
    // The last two it imports without naming them.
    const packages = ['@event-driven-io/emmett-sqlite', '@event-driven-io/emmett', 'sqlite3', 'uuid', 'async-retry'];
    const flags = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--no-save'];
    await npm(directory, ['install', ...flags, ...packages]);
    return (into, publishers) => emmettRate(directory, into, publishers);
  } catch (error) {
    return firstLine(error);
  }
}

const emmettChild = fileURLToPath(new URL('./emmett-child.js', import.meta.url));
const emmettAppends = 300;

async function emmettRate(installedIn: string, directory: string, publishers: number): Promise<number | string> {
  const run = [emmettChild, installedIn, directory, String(publishers), String(emmettAppends)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, run, { timeout: 20_000 });
    const { perSecond, stored } = JSON.parse(stdout) as { perSecond: number; stored: number };
    return stored === emmettAppends ? perSecond : `it stored ${stored} of ${emmettAppends} appends`;
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return /SQLITE_\w+: [^\n]*/.exec(stderr)?.[0] ?? firstLine(error);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
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
