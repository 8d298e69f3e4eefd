import type { Readable } from 'node:stream';

/**
 * Reads a stream at most once in so many ms, then everything that is there. A writer that writes each frame by itself wakes
 * its reader for each of them otherwise; what comes after a silence is read at once.
 */
export class PacedReading {
  private isPaused = false;
  private isResting = false;

  constructor(
    private readonly stream: Readable,
    private readonly everyMs: number,
    private readonly onPiece: (piece: Uint8Array) => void,
  ) {
    stream.on('readable', () => this.read());
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.read();
  }

  private read(): void {
    if (this.isPaused || this.isResting) return;
    const piece = this.stream.read() as Buffer | null;
    if (piece === null) return;
    this.isResting = true;
    setTimeout(() => {
      this.isResting = false;
      this.read();
    }, this.everyMs);
    this.onPiece(piece);
  }
}
