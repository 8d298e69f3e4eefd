import type { Readable, Writable } from 'node:stream';

/** A running `ip`: what it is told, what it says, and an end. */
export interface RunningIp {
  readonly input: Writable;
  /** undefined where its output is kept. */
  readonly output: Readable | undefined;
  /** Where its output is kept: what was printed since the last call. */
  readonly drain: (() => Buffer) | undefined;
  readonly complaints: Readable;
  /** Its process id where it runs on this machine. */
  readonly pid: number | undefined;
  /** Calls back once; `failure` where it could not even be started. */
  onClose(listener: (failure: NodeJS.ErrnoException | undefined) => void): void;
  kill(): void;
}

/** Where `ip` runs: on this machine or on another, in a network namespace or in none. */
export interface IpPlace {
  /** Throws an IpError where the place is gone, before anything is asked there. */
  check(): void;
  /** Calls back when what runs there must be ended: it is no longer the place of that name. */
  onGone(listener: () => void): void;
  /**
   * Rejects where nothing can be started there. `kept`: its output may be kept and drained instead of streamed, which
   * costs less, as `ip` writes each neighbour by itself.
   */
  start(args: readonly string[], output: 'streamed' | 'kept'): Promise<RunningIp>;
  /** Whether the `ip` started there with `monitor` already listens; undefined where that cannot be seen. */
  listens(running: RunningIp): Promise<boolean | undefined>;
}
