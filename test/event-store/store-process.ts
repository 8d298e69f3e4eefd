import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./store-child.js', import.meta.url));

/** A store in another process, and what it says. */
export class StoreProcess {
  private readonly lines: Record<string, unknown>[] = [];
  private readonly reading: Interface;
  private readonly ended: Promise<void>;
  private wake: () => void = () => {};

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, null>) {
    // One that was killed reads nothing more.
    child.stdin.on('error', () => undefined);
    this.reading = createInterface(child.stdout);
    this.reading.on('line', (line) => {
      // The line that a kill cut off in the middle was never said.
      if (line.endsWith('}')) this.lines.push(JSON.parse(line) as Record<string, unknown>);
      this.wake();
    });
    this.ended = new Promise((resolve) => {
      child.once('close', () => {
        this.wake();
        resolve();
      });
    });
  }

  /** @param wrapper a command line to run it under, such as `unshare -m sh -c 'exec "$@"' sh` */
  static start(directory: string, task: string, wrapper: readonly string[] = [], round = 0): StoreProcess {
    const run = [process.execPath, program, directory, task, String(round)];
    const [command = process.execPath, ...parameters] = [...wrapper, ...run];
    const bounds = { timeout: 60_000, killSignal: 'SIGKILL' } as const;
    return new StoreProcess(spawn(command, parameters, { stdio: ['pipe', 'pipe', 'inherit'], ...bounds }));
  }

  /** Lets one that waits begin. */
  begin(): void {
    this.child.stdin.write('go\n');
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** What it has said so far. */
  get said(): readonly Readonly<Record<string, unknown>>[] {
    return this.lines;
  }

  /** Resolves when it has said `count` lines or ended, and gives them. */
  async says(count: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
    while (this.lines.length < count && !this.child.stdout.closed)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    return this.lines;
  }

  /** Ends it as a power switch would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
