import type { ReadStream } from 'node:tty';
import type { KeyInput } from './command.js';

const ends = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** The keys of a terminal. However the process ends while it is raw, the terminal is given back as it was. */
export function keysOf(terminal: ReadStream, process: NodeJS.Process): KeyInput {
  return {
    raw: () => {
      const give = (): void => void terminal.setRawMode(false);
      const end = (signal: NodeJS.Signals): void => {
        restore();
        process.kill(process.pid, signal); // With the listener gone, it ends the process as it would any other.
      };
      const restore = (): void => {
        give();
        process.off('exit', give);
        for (const signal of ends) process.off(signal, end);
      };
      terminal.setRawMode(true);
      process.once('exit', give);
      for (const signal of ends) process.once(signal, end);
      return restore;
    },
    pieces: () => terminal,
  };
}
