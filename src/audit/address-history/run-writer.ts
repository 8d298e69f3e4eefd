import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { blockPostings, type PostingRun, type RunFacts } from './posting-run.js';

/** Writes a run, posting by posting in their order; the same posting twice is written once. */
export class RunWriter {
  private readonly file: number;
  private readonly block = new Uint32Array(blockPostings * 2);
  private readonly table: number[] = [];
  private filled = 0;
  private written = 0;
  private lastHash = -1;
  private lastValue = -1;

  /** @throws the error of the file system, here and in every method */
  constructor(private readonly path: string) {
    this.file = openSync(path, 'w', 0o640);
  }

  add(hash: number, value: number): void {
    if (hash === this.lastHash && value === this.lastValue) return;
    this.lastHash = hash;
    this.lastValue = value;
    this.block[this.filled++] = value;
    this.block[this.filled++] = hash;
    if (this.filled === this.block.length) this.writeBlock();
  }

  /** Everything is on the disk. */
  finish(): RunFacts {
    this.writeBlock();
    const table = Buffer.from(Uint32Array.from(this.table).buffer);
    this.write(table);
    fdatasyncSync(this.file);
    this.close();
    return { name: basename(this.path), postings: this.written, tableCheck: crc32(table) };
  }

  close(): void {
    closeSync(this.file);
  }

  private writeBlock(): void {
    if (this.filled === 0) return;
    const bytes = Buffer.from(this.block.buffer, 0, this.filled * 4);
    this.table.push(this.block[1] ?? 0, crc32(bytes));
    this.write(bytes);
    this.written += this.filled / 2;
    this.filled = 0;
  }

  private write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done, bytes.length - done);
  }
}

/** Writes postings as a run; they are sorted in place. */
export function writeRun(path: string, postings: BigUint64Array): RunFacts {
  postings.sort();
  const halves = new Uint32Array(postings.buffer, postings.byteOffset, postings.length * 2);
  return written(path, (into) => {
    for (let at = 0; at < halves.length; at += 2) into.add(halves[at + 1] ?? 0, halves[at] ?? 0);
  });
}

/** Merges runs into one, block by block. @throws DamagedIndex when one of them is not as it was written */
export function mergeRuns(path: string, runs: readonly PostingRun[]): RunFacts {
  const open = runs.map((run) => new Cursor(run)).filter((one) => !one.ended);
  return written(path, (into) => {
    while (open.length > 0) {
      let least = open[0] as Cursor; // There is one: the loop says so.
      for (const one of open) if (one.isBefore(least)) least = one;
      into.add(least.hash, least.value);
      least.next();
      if (least.ended) open.splice(open.indexOf(least), 1);
    }
  });
}

/** Where a merge stands in one run. */
class Cursor {
  hash = 0;
  value = 0;
  ended = false;
  private postings: Uint32Array = new Uint32Array(0);
  private at = 0;
  private block = 0;

  constructor(private readonly run: PostingRun) {
    this.next();
  }

  isBefore(other: Cursor): boolean {
    return this.hash === other.hash ? this.value < other.value : this.hash < other.hash;
  }

  next(): void {
    if (this.at === this.postings.length) {
      this.ended = this.block === this.run.blocks;
      if (this.ended) return;
      this.postings = this.run.block(this.block++);
      this.at = 0;
    }
    this.value = this.postings[this.at++] ?? 0;
    this.hash = this.postings[this.at++] ?? 0;
  }
}

function written(path: string, fill: (into: RunWriter) => void): RunFacts {
  const into = new RunWriter(path);
  try {
    fill(into);
  } catch (error) {
    into.close();
    throw error;
  }
  return into.finish();
}
