import { closeSync, constants, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { StoredEvent } from '../../../events/index.js';
import { always, countsFrom } from './event-time.js';
import { type BlockFacts, timeBytes, type TimeFacts } from './time-blocks.js';

/** Takes the times of a log's events in log order and writes them block by block. Throws what the file system throws. */
export class TimeWriter {
  private readonly times: Float64Array;
  private readonly blocks: BlockFacts[];
  private readonly file: number;
  private filled = 0;
  /** The last event of the last whole block. */
  private end: { readonly ordinal: number; readonly eventId: string } | undefined;

  /** Goes on behind the blocks that are known; whatever else stands in the file is written over. */
  constructor(path: string, { blockEvents, blocks }: TimeFacts) {
    this.file = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o640);
    this.times = new Float64Array(blockEvents);
    this.blocks = [...blocks];
  }

  /** Ordinal of the event that it takes next. */
  get next(): number {
    return this.blocks.length * this.times.length + this.filled;
  }

  /** The last event of the last block that this writer filled. */
  get reached(): { readonly ordinal: number; readonly eventId: string } | undefined {
    return this.end;
  }

  get facts(): TimeFacts {
    return { blockEvents: this.times.length, blocks: [...this.blocks] };
  }

  /** What it has already is passed by. */
  take(event: StoredEvent): void {
    if (event.ordinal < this.next) return;
    this.times[this.filled++] = countsFrom(event);
    if (this.filled === this.times.length) this.writeBlock(event);
  }

  /** Every whole block is on the disk. */
  sync(): void {
    fdatasyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }

  private writeBlock({ ordinal, id }: StoredEvent): void {
    let [earliest, latest] = [Number.POSITIVE_INFINITY, always];
    for (const time of this.times) {
      earliest = Math.min(earliest, time);
      latest = Math.max(latest, time);
    }
    const bytes = Buffer.from(this.times.buffer);
    const start = this.blocks.length * this.times.length * timeBytes;
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.file, bytes, done, bytes.length - done, start + done);
    this.blocks.push([finite(earliest), finite(latest), crc32(bytes)]);
    this.filled = 0;
    this.end = { ordinal, eventId: id };
  }
}

const finite = (time: number): number | null => (time === always ? null : time);
