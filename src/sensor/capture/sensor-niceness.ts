import { getPriority, setPriority } from 'node:os';

/** Behind whoever answers billing, and not so far that a busy machine leaves the sensors nothing. */
const niceness = 5;

/** Lets others go before a process, or before this thread alone (0), where processors are short. Linux only. */
export function standBehind(pid = 0): void {
  if (process.platform === 'linux') setPriority(pid, Math.max(getPriority(pid), niceness));
}
