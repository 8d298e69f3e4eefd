import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

// A run: postings sorted by the hash of their key, then by value, each once. A posting is 8 bytes, two numbers of 32 bits,
// little-endian: the value, the hash. After the postings stands a table with one entry for each block of them: the hash
// that it begins with and its CRC-32, so that a look-up reads, and checks, no more than a block or two.

export const postingBytes = 8;
export const blockPostings = 512;
export const blockBytes = blockPostings * postingBytes;

/** What is known of a run beside what stands in it. */
export interface RunFacts {
  readonly name: string;
  readonly postings: number;
  /** CRC-32 of its table. */
  readonly tableCheck: number;
}

/** The index says something else than was written, or lacks a part. It is made anew; nothing of it is believed. */
export class DamagedIndex extends Error {
  constructor(what: string) {
    super(`The address history is damaged: ${what}. It is made anew from the log by the engine.`);
    this.name = 'DamagedIndex';
  }
}

/** A run on disk, opened for look-ups; its table is in memory. */
export class PostingRun {
  private constructor(
    readonly facts: RunFacts,
    private readonly file: number,
    private readonly table: Uint32Array,
    private readonly path: string,
  ) {}

  /** @throws DamagedIndex, or the error of the file system */
  static open(path: string, facts: RunFacts): PostingRun {
    const file = openSync(path, 'r');
    try {
      const table = new Uint32Array(blocksOf(facts.postings) * 2);
      const bytes = Buffer.from(table.buffer);
      readWhole(file, bytes, facts.postings * postingBytes, path);
      if (crc32(bytes) !== facts.tableCheck) throw new DamagedIndex(`the table of ${path} is not as it was written`);
      return new PostingRun(facts, file, table, path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  get blocks(): number {
    return this.table.length / 2;
  }

  /** Adds the values posted under a hash. @throws DamagedIndex */
  collect(hash: number, values: number[]): void {
    for (let block = this.firstBlock(hash); block < this.blocks && (this.table[block * 2] ?? 0) <= hash; block++) {
      const postings = this.block(block);
      for (let at = lowest(postings, hash); at < postings.length && postings[at + 1] === hash; at += 2)
        values.push(postings[at] ?? 0);
    }
  }

  /** The last value posted under a hash that is no more than a bound; reads a block for each halving. @throws DamagedIndex */
  last(hash: number, atMost: number): number | undefined {
    const isBehind = (postings: Uint32Array, at: number): boolean =>
      (postings[at + 1] ?? 0) > hash || (postings[at + 1] === hash && (postings[at] ?? 0) > atMost);
    let [low, high] = [this.firstBlock(hash), this.blocks];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      const begins = this.table[middle * 2] ?? 0;
      if (begins > hash || (begins === hash && isBehind(this.block(middle), 0))) high = middle;
      else low = middle;
    }
    if (low >= this.blocks) return undefined;
    const postings = this.block(low);
    let [first, end] = [0, postings.length / 2];
    while (first < end) {
      const middle = (first + end) >>> 1;
      if (isBehind(postings, middle * 2)) end = middle;
      else first = middle + 1;
    }
    return first > 0 && postings[first * 2 - 1] === hash ? postings[first * 2 - 2] : undefined;
  }

  /** One block, checked. @throws DamagedIndex */
  block(number: number): Uint32Array {
    const from = number * blockPostings;
    const postings = new Uint32Array(Math.min(blockPostings, this.facts.postings - from) * 2);
    const bytes = Buffer.from(postings.buffer);
    readWhole(this.file, bytes, from * postingBytes, this.path);
    if (crc32(bytes) !== this.table[number * 2 + 1])
      throw new DamagedIndex(`block ${number} of ${this.path} is not as it was written`);
    return postings;
  }

  close(): void {
    closeSync(this.file);
  }

  /** The last block that begins before the hash: what is posted under it may begin there. */
  private firstBlock(hash: number): number {
    let [low, high] = [0, this.blocks];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.table[middle * 2] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

export const blocksOf = (postings: number): number => Math.ceil(postings / blockPostings);

/** Where the first posting of a hash, or of one behind it, stands. */
function lowest(postings: Uint32Array, hash: number): number {
  let [low, high] = [0, postings.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((postings[middle * 2 + 1] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

function readWhole(file: number, bytes: Buffer, at: number, path: string): void {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, at + done);
    if (read === 0) throw new DamagedIndex(`${path} is cut off`);
    done += read;
  }
}
