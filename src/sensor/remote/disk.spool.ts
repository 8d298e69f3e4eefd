import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Spool, type SpoolBatch, SpoolError, type SpoolPlace } from './spool.js';
import { leaveOwnership, takeOwnership } from './spool-owner.js';
import { readPlaceFile, syncDirectory, writePlaceFile } from './spool-place.js';
import type { SentVerdict } from './verdict-words.js';

/** A file of the spool: one verdict a line. */
interface Segment {
  readonly number: number;
  bytes: number;
  lines: number;
  /** Lines of it that the engine has answered for. */
  done: number;
}

/** Default of the most that waits on the disk, bytes. */
export const spoolBytes = 64 * 1024 * 1024;
const segmentsInAll = 8;
const leastSegment = 64 * 1024;
const longestLine = 64 * 1024;
const newline = 0x0a;

/**
 * A spool in a directory of its own, which outlives its process and the machine's power: verdicts are appended and synced
 * before they count as kept; the place up to which the engine has answered stands in a file beside them. A process that
 * dies between an answer and that file sends the same again, and the engine stores it once. When it is full, its oldest
 * file goes, and what waited there is counted as lost.
 */
export class DiskSpool implements Spool {
  private readonly segments: Segment[] = [];
  private place: SpoolPlace = { segment: 1, offset: 0 };
  private given = 0;
  private writing: { readonly descriptor: number; readonly segment: Segment } | undefined;

  private constructor(
    private readonly directory: string,
    private readonly limit: number,
  ) {}

  /** Opens or makes it, and cuts off what a crash left half written. Throws a SpoolError. */
  static open(directory: string, limit = spoolBytes): DiskSpool {
    const spool = new DiskSpool(directory, limit);
    spool.guarded('be opened', () => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      takeOwnership(directory);
      const { place, lost } = readPlaceFile(directory);
      spool.place = place;
      spool.given = lost;
      spool.readSegments();
    });
    return spool;
  }

  get queued(): number {
    return this.segments.reduce((sum, { lines, done }) => sum + lines - done, 0);
  }

  get lost(): number {
    return this.given;
  }

  append(verdicts: readonly SentVerdict[]): void {
    if (verdicts.length === 0) return;
    const text = Buffer.from(verdicts.map((one) => `${JSON.stringify(one)}\n`).join(''));
    this.guarded('be written', () => {
      const { descriptor, segment } = this.segmentFor(text.length);
      try {
        for (let at = 0; at < text.length;) at += writeSync(descriptor, text, at, text.length - at, segment.bytes + at);
        fdatasyncSync(descriptor);
      } catch (error) {
        // What stands behind the last whole append is no part of the spool.
        ftruncateSync(descriptor, segment.bytes);
        throw error;
      }
      segment.bytes += text.length;
      segment.lines += verdicts.length;
    });
    this.makeRoom();
  }

  next(mostBytes: number, most: number): SpoolBatch {
    const segment = this.segments.find(
      ({ number, bytes }) => number > this.place.segment || this.isBefore(number, bytes),
    );
    if (segment === undefined) return { verdicts: [], end: this.place };
    const from = segment.number === this.place.segment ? this.place.offset : 0;
    const bytes = this.read(segment, from, Math.max(mostBytes, longestLine));
    const verdicts: SentVerdict[] = [];
    let at = 0;
    for (let end = bytes.indexOf(newline); end >= 0 && verdicts.length < most; end = bytes.indexOf(newline, at)) {
      verdicts.push(JSON.parse(bytes.toString('utf8', at, end)) as SentVerdict);
      at = end + 1;
    }
    return { verdicts, end: { segment: segment.number, offset: from + at } };
  }

  done(end: SpoolPlace): void {
    const { place } = this;
    // What was sent may have been given up meanwhile.
    if (end.segment < place.segment || (end.segment === place.segment && end.offset <= place.offset)) return;
    const segment = this.segments.find((one) => one.number === end.segment);
    if (segment === undefined) return;
    const from = end.segment === place.segment ? place.offset : 0;
    segment.done += countLines(this.read(segment, from, end.offset - from));
    const isAll = segment.done === segment.lines;
    this.guarded('be written', () => {
      this.writePlace(isAll ? { segment: end.segment + 1, offset: 0 } : end);
      if (isAll) this.remove(segment);
    });
  }

  *pending(): Generator<SentVerdict, void, undefined> {
    for (const segment of this.segments) {
      const from = segment.number === this.place.segment ? this.place.offset : 0;
      const text = this.read(segment, from, segment.bytes - from).toString('utf8');
      for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as SentVerdict;
    }
  }

  close(): void {
    if (this.writing !== undefined) closeSync(this.writing.descriptor);
    this.writing = undefined;
    leaveOwnership(this.directory);
  }

  private isBefore(number: number, bytes: number): boolean {
    return number === this.place.segment && this.place.offset < bytes;
  }

  private readSegments(): void {
    const numbers = readdirSync(this.directory)
      .flatMap((name) => /^(\d{1,15})\.spool$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
    for (const number of numbers) {
      if (number < this.place.segment) {
        rmSync(this.fileOf(number));
        continue;
      }
      const content = readFileSync(this.fileOf(number));
      const bytes = content.lastIndexOf(newline) + 1;
      if (bytes < content.length) this.cutOff(number, bytes);
      const offset = number === this.place.segment ? Math.min(this.place.offset, bytes) : 0;
      const done = countLines(content.subarray(0, offset));
      this.segments.push({ number, bytes, lines: countLines(content.subarray(0, bytes)), done });
    }
  }

  private cutOff(number: number, bytes: number): void {
    const descriptor = openSync(this.fileOf(number), 'r+');
    try {
      ftruncateSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** The segment that the next bytes go to, open for writing. */
  private segmentFor(bytes: number): { readonly descriptor: number; readonly segment: Segment } {
    const { writing } = this;
    const most = Math.max(leastSegment, Math.floor(this.limit / segmentsInAll));
    if (writing !== undefined && this.segments.at(-1) === writing.segment && writing.segment.bytes + bytes <= most)
      return writing;
    if (writing !== undefined) closeSync(writing.descriptor);
    this.writing = undefined;
    const number = Math.max(this.place.segment, (this.segments.at(-1)?.number ?? 0) + 1);
    const descriptor = openSync(this.fileOf(number), 'wx', 0o600);
    const segment = { number, bytes: 0, lines: 0, done: 0 };
    this.segments.push(segment);
    this.writing = { descriptor, segment };
    syncDirectory(this.directory);
    return this.writing;
  }

  private makeRoom(): void {
    while (this.segments.length > 1 && this.segments.reduce((sum, one) => sum + one.bytes, 0) > this.limit) {
      const [oldest] = this.segments;
      if (oldest === undefined) return;
      this.given += oldest.lines - oldest.done;
      this.guarded('be written', () => {
        this.writePlace({ segment: oldest.number + 1, offset: 0 });
        this.remove(oldest);
      });
    }
  }

  private writePlace(place: SpoolPlace): void {
    writePlaceFile(this.directory, { place, lost: this.given });
    this.place = place;
  }

  private remove(segment: Segment): void {
    this.segments.splice(this.segments.indexOf(segment), 1);
    rmSync(this.fileOf(segment.number), { force: true });
  }

  private read(segment: Segment, from: number, most: number): Buffer {
    return this.guarded('be read', () => {
      const bytes = Buffer.alloc(Math.min(most, segment.bytes - from));
      const descriptor = openSync(this.fileOf(segment.number), 'r');
      try {
        return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, from));
      } finally {
        closeSync(descriptor);
      }
    });
  }

  private fileOf(number: number): string {
    return join(this.directory, `${number}.spool`);
  }

  private guarded<Value>(what: string, act: () => Value): Value {
    try {
      return act();
    } catch (error) {
      if (error instanceof SpoolError) throw error;
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      const cure = 'free its disk, or name another directory with --spool';
      throw new SpoolError(`The spool ${this.directory} cannot ${what} (${why}): ${cure}.`, { cause: error });
    }
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
