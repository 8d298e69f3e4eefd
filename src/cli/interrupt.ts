import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, exitCode } from './command.js';

/**
 * Lets a long verb end in good order at Ctrl-C: it asks `wanted` at each good place to stop. A second Ctrl-C ends the
 * process at once, as it would any other.
 */
export class Interrupt {
  private readonly controller = new AbortController();
  private readonly note = (): void => this.controller.abort();

  constructor() {
    process.once('SIGINT', this.note);
  }

  get wanted(): boolean {
    return this.controller.signal.aborted;
  }

  /** For what waits: aborted at the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits so many ms for an engine that takes no more; rejects with a CliError `interrupted` at Ctrl-C. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal }).catch(() => {
      throw new CliError(exitCode.interrupted, 'Interrupted while the engine takes no more.');
    });
  }

  /** Leaves Ctrl-C to the system again. */
  end(): void {
    process.off('SIGINT', this.note);
  }
}
