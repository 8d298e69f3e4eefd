import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpoolError } from './spool.js';
import { readIfThere } from './spool-place.js';

const ownerFile = (directory: string): string => join(directory, 'owner');

/**
 * Two processes must not write one spool. A process that was killed leaves its mark, and no process behind it.
 * @throws SpoolError when another process has it
 */
export function takeOwnership(directory: string): void {
  const file = ownerFile(directory);
  const owner = Number(readIfThere(file) ?? '0');
  if (owner > 0 && owner !== process.pid && isRunning(owner)) {
    const cure = `end it, name another directory, or remove ${file} where that process is none of ours`;
    throw new SpoolError(`The spool ${directory} is used by process ${owner}: ${cure}.`);
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
}

export function leaveOwnership(directory: string): void {
  rmSync(ownerFile(directory), { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
