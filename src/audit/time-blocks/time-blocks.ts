import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { DamagedKeep } from './damaged.js';
import { always } from './event-time.js';

// The times of the events of a log by ordinal, 8 bytes each (a float64 of ms since 1970, little-endian), in blocks of as
// many events. Of each block the list beside it keeps the earliest and the latest time and the CRC-32, so that a question
// about a moment reads only the blocks that hold something of that time or earlier.

export const timeBytes = 8;

/** One block: its earliest and its latest time, null for `always`, and the CRC-32 of its bytes. */
export type BlockFacts = readonly [earliest: number | null, latest: number | null, check: number];

export interface TimeFacts {
  /** Events in each block. */
  readonly blockEvents: number;
  readonly blocks: readonly BlockFacts[];
}

/** The times of the first events of a log on disk, opened for reading. */
export class TimeBlocks {
  private constructor(
    private readonly facts: TimeFacts,
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  /** Rejects with the error of the file system. */
  static async open(path: string, facts: TimeFacts): Promise<TimeBlocks> {
    return new TimeBlocks(facts, await open(path, 'r'), path);
  }

  get blockEvents(): number {
    return this.facts.blockEvents;
  }

  /** Of so many events, from the start of the log, the times are known. */
  get events(): number {
    return this.facts.blocks.length * this.facts.blockEvents;
  }

  /** The block in which an event stands. */
  blockOf(ordinal: number): number {
    return Math.floor(ordinal / this.facts.blockEvents);
  }

  /** From this moment on something of the block counts. */
  earliestOf(block: number): number {
    return this.facts.blocks[block]?.[0] ?? always;
  }

  /** From this moment on all of the block counts. */
  latestOf(block: number): number {
    return this.facts.blocks[block]?.[1] ?? always;
  }

  /** The times of one block, in the order of the log. Rejects with DamagedKeep where they are not as they were written. */
  async timesOf(block: number): Promise<Float64Array> {
    const { blockEvents, blocks } = this.facts;
    const times = new Float64Array(blockEvents);
    const bytes = Buffer.from(times.buffer);
    const { bytesRead } = await this.file.read(bytes, 0, bytes.length, block * bytes.length);
    if (bytesRead < bytes.length || crc32(bytes) !== blocks[block]?.[2])
      throw new DamagedKeep(`block ${block} of ${this.path} is not as it was written`);
    return times;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
