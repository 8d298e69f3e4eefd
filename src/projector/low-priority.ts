import { constants, setPriority } from 'node:os';

/**
 * Lets everybody else go first. On Linux a priority is that of the calling thread alone; elsewhere it would be that of
 * the whole process, and is left as it is.
 */
export function yieldToOthers(): void {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
}
