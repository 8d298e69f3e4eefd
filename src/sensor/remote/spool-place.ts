import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SpoolPlace } from './spool.js';

/** How far the engine has answered, and how many verdicts were given up before they were sent. */
export interface SpoolProgress {
  readonly place: SpoolPlace;
  readonly lost: number;
}

/** What stands in the file beside the spool; without one everything is sent again, and stored once. */
export function readPlaceFile(directory: string): SpoolProgress {
  const start = { segment: 1, offset: 0 };
  try {
    const told = JSON.parse(readIfThere(join(directory, 'place')) ?? '{}') as Record<string, unknown>;
    const { segment, offset, lost } = told;
    const place = isCount(segment) && isCount(offset) ? { segment, offset } : start;
    return { place, lost: isCount(lost) ? lost : 0 };
  } catch {
    return { place: start, lost: 0 };
  }
}

/** Durable when it returns: written beside the old one, synced, and put in its place. */
export function writePlaceFile(directory: string, { place, lost }: SpoolProgress): void {
  const draft = join(directory, 'place.new');
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, JSON.stringify({ ...place, lost }));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, join(directory, 'place'));
  syncDirectory(directory);
}

/** The kernel forgets a new or renamed file in a power cut unless its directory is synced too. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a file; undefined where there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
