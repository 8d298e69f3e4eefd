import { type ChildProcess, spawn } from 'node:child_process';
import { CaptureError } from './capture.error.js';
import { captureFilter } from './capture-filter.js';
import type { CaptureCounts, PieceHandlers, PieceSource } from './capture-handlers.js';
import type { CapturePlace } from './capture-source.js';
import { LiveHeader } from './live-header.js';
import { PacedReading } from './paced-reading.js';
import { type CaptureFailure, explainTcpdumpEnd } from './tcpdump-failure.js';
import { TcpdumpWords } from './tcpdump-words.js';

const KILL_AFTER_MS = 2000;
const ASK_EVERY_MS = 5000;
/** Between two readings, ms: tcpdump writes each frame by itself, and a flood is to wake us for many of them at once. */
const READ_EVERY_MS = 1;

export interface TcpdumpOptions extends PieceHandlers {
  /** Wait before the first restart, ms (500); doubled for every run that did not get to capturing. */
  readonly firstDelayMs?: number;
  /** The longest wait, ms (5000): so long nothing is heard on a port that has just come back. */
  readonly longestDelayMs?: number;
  /** How often tcpdump is asked for its counts, ms (5000). */
  readonly askEveryMs?: number;
}

/**
 * Hears the frames that come in on one interface through a tcpdump child, and starts it again whenever it ends: each run
 * begins a pcap of its own. The child dies with this process, even after kill -9. `start` must be called on the main
 * thread: the kernel ties the child to the thread that made it.
 */
export class TcpdumpReader implements PieceSource {
  lastHeardAt: number | undefined;
  private child: ChildProcess | undefined;
  private pieces: PacedReading | undefined;
  private words = new TcpdumpWords();
  private again: NodeJS.Timeout | undefined;
  private wanted = false;
  private paused = false;
  private broken: string | undefined;
  private delayMs: number;
  private ended: CaptureCounts = { runs: 0, captured: 0, receivedByFilter: 0, droppedByKernel: 0 };

  constructor(
    private readonly source: CapturePlace,
    private readonly options: TcpdumpOptions,
  ) {
    this.delayMs = this.firstDelayMs;
  }

  /** Runs that have ended, and packets of all runs as far as tcpdump has told: it is asked every few seconds. */
  get counts(): CaptureCounts {
    const { runs, captured, receivedByFilter, droppedByKernel } = this.ended;
    return {
      runs,
      captured: captured + this.words.captured,
      receivedByFilter: receivedByFilter + this.words.receivedByFilter,
      droppedByKernel: droppedByKernel + this.words.droppedByKernel,
    };
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.run();
  }

  async stop(): Promise<void> {
    if (!this.wanted) return;
    this.wanted = false;
    clearTimeout(this.again);
    this.resume();
    const child = this.child;
    if (child !== undefined) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await closed;
      clearTimeout(force);
    }
    this.options.onState({ state: 'stopped' });
  }

  pause(): void {
    this.paused = true;
    this.pieces?.pause();
  }

  resume(): void {
    this.paused = false;
    this.pieces?.resume();
  }

  restart(why: string): void {
    this.broken ??= why;
    this.child?.kill('SIGTERM');
    // What is left is passed over, also while the listener pauses: it would keep the end from coming.
    this.pieces?.resume();
  }

  private get firstDelayMs(): number {
    return this.options.firstDelayMs ?? 500;
  }

  private run(): void {
    const name = `live capture on ${this.source.interface}`;
    const header = new LiveHeader(name);
    const words = new TcpdumpWords();
    const [command = '', ...args] = commandLine(this.source);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let asking: NodeJS.Timeout | undefined;
    this.child = child;
    this.words = words;
    this.broken = undefined;
    this.options.onBegin?.(name);
    this.pieces = new PacedReading(child.stdout, READ_EVERY_MS, (piece) => {
      // A stream that is no longer pcap cannot be picked up again: start afresh.
      if (this.broken !== undefined) return;
      try {
        const begins = header.take(piece);
        if (header.hasFrames) this.lastHeardAt = Date.now();
        this.options.onPiece(piece);
        if (!begins) return;
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        return this.restart(error.message);
      }
      this.delayMs = this.firstDelayMs;
      // Not before: until it captures, this signal would end tcpdump.
      asking = setInterval(() => child.kill('SIGUSR1'), this.options.askEveryMs ?? ASK_EVERY_MS).unref();
      if (this.wanted) this.options.onState({ state: 'running' });
    });
    if (this.paused) this.pieces.pause();
    child.stderr.on('data', (text: Buffer) => words.take(text.toString('utf8')));
    child.on('error', (error) => words.take(`${error.message}\n`));
    child.on('close', (code, signal) => {
      clearInterval(asking);
      this.child = undefined;
      words.end();
      this.ended = { ...this.counts, runs: this.ended.runs + 1 };
      this.words = new TcpdumpWords();
      const ending = this.broken ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
      const said = this.broken === undefined ? words.words : '';
      if (this.wanted) this.retry(explainTcpdumpEnd(this.source, said, ending));
    });
  }

  private retry(failure: CaptureFailure): void {
    const retryInMs = this.delayMs;
    this.delayMs = Math.min(this.delayMs * 2, this.options.longestDelayMs ?? 5000);
    this.again = setTimeout(() => this.run(), retryInMs);
    this.options.onState({ state: 'failed', retryInMs, ...failure });
  }
}

function commandLine(source: CapturePlace): string[] {
  const inside = source.netns === undefined ? [] : ['ip', 'netns', 'exec', source.netns];
  // -Z root: changing the user would make the kernel forget the death signal.
  const tcpdump = ['tcpdump', '--immediate-mode', '-U', '-n', '-w', '-', '-Q', source.direction ?? 'in', '-Z', 'root'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...inside, ...tcpdump, '-i', source.interface, captureFilter];
}
