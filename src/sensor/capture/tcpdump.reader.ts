import { type ChildProcess, spawn } from 'node:child_process';
import { CaptureError } from './capture.error.js';
import type { CapturePlace } from './capture-source.js';
import type { DecodedFrame } from './decoded-frame.js';
import { decodeFrame } from './frame-decoder.js';
import { PcapReader } from './pcap.reader.js';
import { type CaptureFailure, explainTcpdumpEnd } from './tcpdump-failure.js';

const nd = '(icmp6 and ip6[40] >= 133 and ip6[40] <= 137)';
/**
 * ARP and ND, untagged or behind one tag. The kernel filters, so a customer's ping flood costs us nothing.
 * ND behind an IPv6 extension header does not match: the decoder does not read it either.
 */
export const captureFilter = `arp or ${nd} or (vlan and (arp or ${nd}))`;

const STDERR_KEPT = 4096;
const KILL_AFTER_MS = 2000;

export type CaptureState =
  | { readonly state: 'running' }
  | ({ readonly state: 'failed'; readonly retryInMs: number } & CaptureFailure)
  | { readonly state: 'stopped' };

/** Packets since `start`, over all runs of tcpdump that have ended: tcpdump tells only at its end. */
export interface CaptureCounts {
  readonly runs: number;
  readonly receivedByFilter: number;
  readonly droppedByKernel: number;
}

export interface TcpdumpOptions {
  /** ARP and ND frames, malformed ones included; numbers restart at 1 with each run of tcpdump. */
  readonly onFrame: (frame: DecodedFrame) => void;
  readonly onState: (state: CaptureState) => void;
  /** Wait before the first restart, ms (500); doubled for every run that did not get to capturing. */
  readonly firstDelayMs?: number;
  /** The longest wait, ms (5000): so long nothing is heard on a port that has just come back. */
  readonly longestDelayMs?: number;
}

/**
 * Hears the frames that come in on one interface through a tcpdump child, and starts it again whenever it ends.
 * The child dies with this process, even after kill -9. `start` must be called on the main thread: the kernel ties the
 * child to the thread that made it.
 */
export class TcpdumpReader {
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private wanted = false;
  private delayMs: number;
  private totals: CaptureCounts = { runs: 0, receivedByFilter: 0, droppedByKernel: 0 };

  constructor(
    private readonly source: CapturePlace,
    private readonly options: TcpdumpOptions,
  ) {
    this.delayMs = this.firstDelayMs;
  }

  get counts(): CaptureCounts {
    return this.totals;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.run();
  }

  /** Resolves when tcpdump has ended; frames it had already written are still delivered. */
  async stop(): Promise<void> {
    if (!this.wanted) return;
    this.wanted = false;
    clearTimeout(this.restart);
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

  private get firstDelayMs(): number {
    return this.options.firstDelayMs ?? 500;
  }

  private run(): void {
    const reader = new PcapReader(`live capture on ${this.source.interface}`);
    let stderr = '';
    let running = false;
    let broken: string | undefined;
    const [command = '', ...args] = commandLine(this.source);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stdout.on('data', (piece: Buffer) => {
      if (broken !== undefined) return;
      try {
        for (const captured of reader.feed(piece)) {
          const frame = decodeFrame(captured);
          if (frame !== undefined) this.options.onFrame(frame);
        }
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        // A stream that is no longer pcap cannot be picked up again: start afresh.
        broken = error.message;
        child.kill('SIGTERM');
      }
      if (!running && broken === undefined && reader.started) {
        running = true;
        this.delayMs = this.firstDelayMs;
        if (this.wanted) this.options.onState({ state: 'running' });
      }
    });
    child.stderr.on('data', (text: Buffer) => (stderr = (stderr + text.toString('utf8')).slice(-STDERR_KEPT)));
    child.on('error', (error) => (stderr += `${error.message}\n`));
    child.on('close', (code, signal) => {
      this.child = undefined;
      this.count(stderr);
      const ending = broken ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
      if (this.wanted) this.retry(explainTcpdumpEnd(this.source, broken === undefined ? stderr : '', ending));
    });
  }

  private retry(failure: CaptureFailure): void {
    const retryInMs = this.delayMs;
    this.delayMs = Math.min(this.delayMs * 2, this.options.longestDelayMs ?? 5000);
    this.restart = setTimeout(() => this.run(), retryInMs);
    this.options.onState({ state: 'failed', retryInMs, ...failure });
  }

  private count(stderr: string): void {
    this.totals = {
      runs: this.totals.runs + 1,
      receivedByFilter: this.totals.receivedByFilter + told(stderr, /(\d+) packets? received by filter/),
      droppedByKernel: this.totals.droppedByKernel + told(stderr, /(\d+) packets? dropped by kernel/),
    };
  }
}

const told = (stderr: string, pattern: RegExp): number => Number(pattern.exec(stderr)?.[1] ?? 0);

function commandLine(source: CapturePlace): string[] {
  const inside = source.netns === undefined ? [] : ['ip', 'netns', 'exec', source.netns];
  // -Z root: changing the user would make the kernel forget the death signal.
  const tcpdump = ['tcpdump', '--immediate-mode', '-U', '-n', '-w', '-', '-Q', source.direction ?? 'in', '-Z', 'root'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...inside, ...tcpdump, '-i', source.interface, captureFilter];
}
