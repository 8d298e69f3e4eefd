import type { CommandIo } from './command.js';

const barEveryMs = 100;
const barWidth = 24;

/** Shows how far a long verb is, on a terminal alone: a bar with rate and time left on stderr, drawn over itself. */
export class Progress {
  private readonly startedAt: number;
  private shownAt: number;
  private drawn = false;

  constructor(
    private readonly io: CommandIo,
    private readonly unit: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
    this.shownAt = this.startedAt;
  }

  /** `share` is the part done, 0 to 1, undefined when the whole is not known. */
  show(count: number, share: number | undefined): void {
    const now = this.now();
    if (!this.io.errIsTerminal || now - this.shownAt < barEveryMs) return;
    this.shownAt = now;
    this.io.err(`\r\u001b[K${this.line(count, share, now - this.startedAt)}`);
    this.drawn = true;
  }

  /** Takes the bar away, so that what follows starts on a clean line. */
  clear(): void {
    if (this.drawn) this.io.err('\r\u001b[K');
    this.drawn = false;
  }

  private line(count: number, share: number | undefined, elapsedMs: number): string {
    const rate = Math.round((count * 1000) / Math.max(1, elapsedMs));
    const done = `${count} ${this.unit}, ${rate}/s`;
    if (share === undefined || share <= 0) return done;
    const left = Math.round((elapsedMs / share - elapsedMs) / 1000);
    const filled = Math.min(barWidth, Math.round(share * barWidth));
    const bar = `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
    return `${bar} ${Math.floor(share * 100)} % ${done}, ${left} s left`;
  }
}
