import { closeSync, fsync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

// These files are small and local: only what waits for the disk leaves our thread, every other step costs less than the
// way to another thread and back, and a route waits for them.

const synced = promisify(fsync);

/**
 * Replaces a file in one step: a reader, or our own death, finds the old text or the new one, never a mixture.
 * Durable `now` that holds for a power cut as well. `later` leaves it to the kernel, for a caller who will write again:
 * a power cut may then bring the old text back, or on some file systems an empty file.
 */
export async function writeWhole(path: string, text: string, durable: 'now' | 'later' = 'now'): Promise<void> {
  const temporary = `${path}.tmp`; // one of a name: what a killed process left is written over
  try {
    await withDescriptor(openSync(temporary, 'w', 0o644), async (file) => {
      writeFileSync(file, text);
      if (durable === 'now') await synced(file);
    });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (durable === 'now') await withDescriptor(openSync(dirname(path), 'r'), synced);
}

/** The text of a file, or undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function withDescriptor(descriptor: number, use: (descriptor: number) => Promise<void>): Promise<void> {
  try {
    await use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
