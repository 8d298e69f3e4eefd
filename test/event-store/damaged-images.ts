import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { StoredEvent } from '../../events/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { NewEvent } from '../../src/event-store/event-store.port.js';
import { stored } from '../contracts/event-store.check.js';

/** The files of a log as they were at one moment, and what was acknowledged by then. */
export interface Moment {
  readonly directory: string;
  readonly events: number;
}

/** The parts of a log that an image consists of. */
export const parts = ['log.db', 'log.db-wal', 'head'] as const;

export type Chance = (below: number) => number;

/** Whole numbers from 0 to below `below` that look random and are the same at every run (mulberry32). */
export function seeded(seed: number): Chance {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** Writes a log for a while, over several starts, and takes its files aside again and again. */
export async function recordMoments(
  root: string,
  chance: Chance,
): Promise<{ readonly log: readonly StoredEvent[]; readonly moments: readonly Moment[] }> {
  const live = join(root, 'live');
  const log: StoredEvent[] = [];
  const moments: Moment[] = [];
  for (let start = 0; start < 6; start++) {
    const store = await openEmbeddedStore({ directory: live, create: true, scrub: false });
    for (let append = 0; append < 9; append++) {
      const events = Array.from({ length: 1 + chance(start === 3 ? 40 : 4) }, () => someEvent(chance));
      log.push(...(await stored(store, `server-${chance(5)}`, events)));
      const directory = join(root, `moment-${moments.length}`);
      mkdirSync(directory);
      // Another process copies: to close the files here would drop the store's locks on them.
      const names = parts.map((name) => join(live, name)).filter((path) => existsSync(path));
      if (spawnSync('cp', [...names, directory]).status !== 0) throw new Error(`cp into ${directory} failed`);
      moments.push({ directory, events: log.length });
    }
    await store.close();
  }
  return { log, moments };
}

function someEvent(chance: Chance): NewEvent {
  const id = randomUUID();
  const metadata = { source: 'urn:test', sourceId: id, schemaVersion: 1, time: '2026-03-01T03:14:00.000Z' };
  return { id, type: 'ServerSuspended', data: { serverId: 's', reason: 'r'.repeat(chance(300)) }, metadata };
}

/** How an image is damaged; returns what was done, for the message of a failure. */
export type Damage = (image: string, chance: Chance, older: Moment) => string;

export const damages: Readonly<Record<string, Damage>> = {
  'write-ahead log cut': (image, chance) => {
    const path = join(image, 'log.db-wal');
    const size = sizeOf(path);
    if (size === 0) return 'nothing: it was empty';
    const left = chance(size);
    truncateSync(path, left);
    return `cut to ${left} of ${size} bytes`;
  },
  'bit flipped': (image, chance) => {
    const sizes = parts.map((name) => sizeOf(join(image, name)));
    // The small file as often as each large one.
    const which = chance(parts.length);
    const name = (sizes[which] ?? 0) > 0 ? parts[which] : 'log.db';
    if (name === undefined) throw new Error('no part was chosen');
    const bytes = readFileSync(join(image, name));
    const at = chance(bytes.length);
    const bit = chance(8);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
    writeFileSync(join(image, name), bytes);
    return `bit ${bit} of byte ${at} of ${name}`;
  },
  'sector zeroed': (image, chance) => {
    const name = sizeOf(join(image, 'log.db-wal')) > 0 && chance(2) === 0 ? 'log.db-wal' : 'log.db';
    const bytes = readFileSync(join(image, name));
    const at = 512 * chance(Math.ceil(bytes.length / 512));
    bytes.fill(0, at, Math.min(at + 512, bytes.length));
    writeFileSync(join(image, name), bytes);
    return `512 bytes at ${at} of ${name}`;
  },
  'file of an earlier moment': (image, chance, older) => {
    const name = parts[chance(parts.length)] ?? 'log.db';
    if (!existsSync(join(older.directory, name))) return 'nothing: there was none';
    copyFileSync(join(older.directory, name), join(image, name));
    return `${name} of ${older.events} events`;
  },
};

function sizeOf(path: string): number {
  return existsSync(path) ? readFileSync(path).length : 0;
}
