import { closeSync, fsync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

// These files are small and local: only what waits for the disk leaves our thread, every other step costs less than the
// way to another thread and back, and a route waits for them.

const synced = promisify(fsync);

/**
 * Replaces a file so that a reader, a crash or a power cut finds the old text or the new one, never a mixture.
 * With `text` alone durable a power cut may still bring the old one back after this resolved.
 */
export async function writeDurably(
  path: string,
  text: string,
  durable: 'text' | 'text-and-name' = 'text-and-name',
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await withDescriptor(openSync(temporary, 'w', 0o644), async (file) => {
      writeFileSync(file, text);
      await synced(file);
    });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (durable === 'text-and-name') await withDescriptor(openSync(dirname(path), 'r'), synced);
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
