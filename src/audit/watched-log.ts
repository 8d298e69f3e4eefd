import { setImmediate as nextTurn } from 'node:timers/promises';
import { CliError, type CommandIo, exitCode } from '../cli/command.js';
import { Interrupt } from '../cli/interrupt.js';
import { Progress } from '../cli/progress.js';
import type { EventStore, ReadPage } from '../event-store/event-store.port.js';
import type { LogReader } from './known-log.js';

type ReadAll = EventStore['readAll'];

/** Somebody waits for a log to be read: shows how far that is, and ends it at Ctrl-C with a CliError `interrupted`. */
export class LogWatch {
  private readonly interrupt = new Interrupt();
  private progress: Progress;
  /** Where this pass over the log began, and the ordinal it is at: a page that begins elsewhere begins another pass. */
  private first = 0;
  private at = 0;

  /** Where the end of a log is not known, because it is damaged, only the rate is shown; who reads it tells why. */
  static async of(log: Pick<EventStore, 'head'>, io: CommandIo): Promise<LogWatch> {
    const head = await log.head().catch(() => undefined);
    return new LogWatch(io, head?.ordinal);
  }

  private constructor(
    private readonly io: CommandIo,
    /** Ordinal of the last event. */
    private readonly last: number | undefined,
  ) {
    this.progress = new Progress(io, 'events');
  }

  /** The same pages, each counted. Between two of them the event loop has a turn, or it would not hear Ctrl-C. */
  reading(readAll: ReadAll): ReadAll {
    return async (options) => {
      await this.turn();
      const page = await readAll(options);
      if (options?.backwards !== true) this.show(page);
      return page;
    };
  }

  /** The same log without gaps, watched. */
  reader(log: LogReader): LogReader {
    const inTurn =
      <Args extends unknown[], Result>(read: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        await this.turn();
        return read(...args);
      };
    return {
      logId: log.logId,
      readAll: this.reading((options) => log.readAll(options)),
      readStream: inTurn((name, options) => log.readStream(name, options)),
      readAt: inTurn((ordinals) => log.readAt(ordinals)),
      ordinalsOf: inTurn((streams) => log.ordinalsOf(streams)),
      head: () => log.head(),
    };
  }

  /** Takes away what is shown, and leaves Ctrl-C to the system again. */
  end(): void {
    this.progress.clear();
    this.interrupt.end();
  }

  private async turn(): Promise<void> {
    await nextTurn();
    if (this.interrupt.wanted) throw new CliError(exitCode.interrupted, 'Interrupted before there was an answer.');
  }

  private show({ events }: ReadPage): void {
    const [begin, end] = [events.at(0)?.ordinal, events.at(-1)?.ordinal];
    if (begin === undefined || end === undefined) return;
    if (begin === 0 || begin !== this.at) {
      this.progress.clear();
      this.progress = new Progress(this.io, 'events');
      this.first = begin;
    }
    this.at = end + 1;
    const done = this.at - this.first;
    const all = this.last === undefined ? undefined : this.last + 1 - this.first;
    this.progress.show(done, all === undefined ? undefined : Math.min(1, done / Math.max(1, all)));
  }
}
