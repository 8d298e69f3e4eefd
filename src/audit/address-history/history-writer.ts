import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEvent, type StoredEvent } from '../../../events/index.js';
import { hashOfText, hourOf, postingsOf, timeBlock, timeKeysOf } from '../../../projections/index.js';
import { type IndexedLog, openRuns, stands } from './history-index.js';
import { readManifest, type Reach, writeManifest } from './manifest.js';
import { DamagedIndex, PostingRun } from './posting-run.js';
import { mergeRuns, writeRun } from './run-writer.js';

/** Postings that wait in memory, at most. */
const mostWaiting = 1 << 20;
/** A run that is not this many times as large as what follows it is merged with that: a look-up meets few runs. */
const growth = 3;
/** Runs up to this size are not worth a file of their own. */
const smallRun = 4096;
const lastOrdinal = 0xffffffff;

/** Makes the index of a log and keeps it up; one at a time may have a directory. Every method throws what the file system throws. */
export class HistoryWriter {
  private readonly waiting = new BigUint64Array(mostWaiting);
  private readonly halves = new Uint32Array(this.waiting.buffer);
  private filled = 0;
  private taken: Reach | undefined;
  private written: Reach | undefined;
  private named = 0;
  private hour = Number.NaN;
  private hourHashes: readonly number[] = [];
  private block = -1;

  private constructor(
    private readonly directory: string,
    private readonly logId: string,
    private runs: PostingRun[],
    reaches: Reach | undefined,
  ) {
    this.taken = this.written = reaches;
    for (const { facts } of runs) this.named = Math.max(this.named, Number(/\d+/.exec(facts.name)?.[0] ?? 0));
  }

  /** Goes on with the index in a directory where it is whole, of this version and of this log; else begins a new one. */
  static async open(directory: string, log: IndexedLog): Promise<HistoryWriter> {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    const manifest = readManifest(directory, log.logId);
    const fits = manifest !== undefined && (await stands(manifest.reaches, log));
    const runs = fits ? openRuns(directory, manifest) : undefined;
    if (runs !== undefined && manifest !== undefined && runs.every(isWhole)) {
      removeOthers(directory, runs);
      return new HistoryWriter(directory, log.logId, runs, manifest.reaches);
    }
    for (const run of runs ?? []) run.close();
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { force: true });
    return new HistoryWriter(directory, log.logId, [], undefined);
  }

  /** Ordinal of the last event taken in; -1 before the first. */
  get ordinal(): number {
    return this.taken?.ordinal ?? -1;
  }

  /** Something was taken in that is not on the disk. */
  get isBehind(): boolean {
    return this.taken !== this.written;
  }

  /** Takes the next events of the log; what it has already is passed by. */
  take(events: readonly StoredEvent[]): void {
    for (const stored of events) {
      if (stored.ordinal <= this.ordinal || stored.ordinal > lastOrdinal) continue;
      const decoded = decodeEvent(stored);
      if (decoded.readable) for (const [key, value] of postingsOf(decoded.event)) this.post(hashOfText(key), value);
      const time = decoded.readable ? decoded.event.time : decoded.time;
      if (time !== undefined) this.postTime(time, Math.floor(stored.ordinal / timeBlock));
      this.taken = { ordinal: stored.ordinal, eventId: stored.id };
    }
  }

  /** Everything taken in is on the disk and can be looked up. */
  flush(): void {
    const { taken } = this;
    if (taken === undefined || taken === this.written) return;
    this.writeWaiting();
    const outdated = this.merge();
    const runs = this.runs.map(({ facts }) => facts);
    writeManifest(this.directory, { logId: this.logId, reaches: taken, runs });
    this.written = taken;
    for (const run of outdated) this.remove(run);
  }

  close(): void {
    for (const run of this.runs) run.close();
  }

  /** Most events are of the hour of the one before: they need no posting of their own. */
  private postTime(time: number, block: number): void {
    const hour = hourOf(time);
    if (hour === this.hour && block === this.block) return;
    if (hour !== this.hour) this.hourHashes = timeKeysOf(hour).map((key) => hashOfText(key));
    this.hour = hour;
    this.block = block;
    for (const hash of this.hourHashes) this.post(hash, block);
  }

  private post(hash: number, value: number): void {
    // Without a manifest that names it a run counts for nothing, so one may be written in the middle of an event.
    if (this.filled === mostWaiting) this.writeWaiting();
    this.halves[this.filled * 2] = value;
    this.halves[this.filled * 2 + 1] = hash;
    this.filled++;
  }

  private writeWaiting(): void {
    if (this.filled === 0) return;
    const path = this.nextPath();
    this.runs.push(PostingRun.open(path, writeRun(path, this.waiting.subarray(0, this.filled))));
    this.filled = 0;
  }

  /** Merges the newest runs as long as the one before them is not much larger; returns those that went into another. */
  private merge(): PostingRun[] {
    const outdated: PostingRun[] = [];
    let from = this.runs.length - 1;
    let postings = this.runs[from]?.facts.postings ?? 0;
    for (let before = this.runs[from - 1]; before !== undefined; before = this.runs[from - 1]) {
      const { postings: size } = before.facts;
      if (size > smallRun && size >= growth * postings) break;
      postings += size;
      from--;
    }
    const merged = this.runs.slice(Math.max(0, from));
    if (merged.length < 2) return outdated;
    const path = this.nextPath();
    const run = PostingRun.open(path, mergeRuns(path, merged));
    this.runs = [...this.runs.slice(0, from), run];
    return merged;
  }

  private remove(run: PostingRun): void {
    run.close();
    rmSync(join(this.directory, run.facts.name), { force: true });
  }

  private nextPath(): string {
    return join(this.directory, `run-${String(++this.named).padStart(8, '0')}.bin`);
  }
}

/** Every block is as it was written: from here on they are only copied. */
function isWhole(run: PostingRun): boolean {
  try {
    for (let block = 0; block < run.blocks; block++) run.block(block);
    return true;
  } catch (error) {
    if (error instanceof DamagedIndex) return false;
    throw error;
  }
}

/** What an interrupted writer left behind. */
function removeOthers(directory: string, runs: readonly PostingRun[]): void {
  const kept = new Set(['index.json', ...runs.map(({ facts }) => facts.name)]);
  for (const name of readdirSync(directory)) if (!kept.has(name)) rmSync(join(directory, name), { force: true });
}
