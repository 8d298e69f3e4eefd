import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LogFold } from '../../../projections/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import { stands } from '../address-history/history-index.js';
import { always, countsFrom } from '../time-blocks/event-time.js';
import { TimeWriter } from '../time-blocks/time-writer.js';
import { readImage, writeImage } from './image-file.js';
import { logStretch } from './log-stretch.js';
import {
  type ImageFacts,
  type Manifest,
  manifestName,
  readManifest,
  removeManifest,
  timesName,
  writeManifest,
} from './manifest.js';
import { thinned } from './spacing.js';

/** What is imaged. */
export type ImagedLog = Pick<EventStore, 'logId' | 'readAll' | 'readAt' | 'head'>;

export interface ImageSizes {
  /** Events between two images while the log is short; a multiple of `blockEvents`. */
  readonly step: number;
  /** Events whose times stand in one block. */
  readonly blockEvents: number;
}

export const usualSizes: ImageSizes = { step: 1 << 16, blockEvents: 1 << 12 };

/**
 * Makes the images of a log's map and the list of its times, and brings them up to the end of the log; one at a time may have
 * a directory. In memory is the map that it folds, and only while an image is due.
 */
export class ImagesWriter {
  private readonly times: TimeWriter;
  private written: Manifest | undefined;
  private step: number;

  private constructor(
    private readonly directory: string,
    private readonly log: ImagedLog,
    sizes: ImageSizes,
    manifest: Manifest | undefined,
  ) {
    this.written = manifest;
    this.step = manifest?.step ?? sizes.step;
    const none = { blockEvents: sizes.blockEvents, blocks: [] };
    this.times = new TimeWriter(join(directory, timesName), manifest?.times ?? none);
  }

  /** Goes on with what is in a directory where it is whole, of this code and of this log; else begins anew. */
  static async open(directory: string, log: ImagedLog, sizes = usualSizes): Promise<ImagesWriter> {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    const manifest = readManifest(directory, log.logId);
    const fits = manifest !== undefined && (await stands(manifest.reaches, log));
    removeOthers(directory, fits ? manifest : undefined);
    return new ImagesWriter(directory, log, sizes, fits ? manifest : undefined);
  }

  /**
   * Takes in what the log has by now, as far as it makes whole blocks; ends early where `stopped` says so. Rejects with the
   * StoreError of the log, the error of the file system, or DamagedKeep.
   */
  async catchUp(stopped: () => boolean = () => false): Promise<void> {
    const size = ((await this.log.head())?.ordinal ?? -1) + 1;
    const lastDue = Math.floor(size / this.step) * this.step - 1;
    if (lastDue > (this.images.at(-1)?.ordinal ?? -1)) await this.fold(lastDue, stopped);
    for await (const page of logStretch(this.log, this.times.next, size - 1)) {
      if (stopped()) return;
      for (const event of page) this.times.take(event);
    }
    this.commit(this.images);
  }

  /** Ordinal of the last event of which the time is on the disk; -1 before the first. */
  get reaches(): number {
    return this.written?.reaches.ordinal ?? -1;
  }

  close(): void {
    this.times.close();
  }

  private get images(): Manifest['images'] {
    return this.written?.images ?? [];
  }

  private async fold(last: number, stopped: () => boolean): Promise<void> {
    const newest = this.images.at(-1);
    const fold = newest === undefined ? new LogFold() : await this.takenUp(newest);
    let latest = newest?.latest ?? always;
    for await (const page of logStretch(this.log, fold.ordinal + 1, last)) {
      if (stopped()) return;
      for (const event of page) {
        this.times.take(event);
        fold.fold(event);
        latest = Math.max(latest, countsFrom(event));
        if ((event.ordinal + 1) % this.step !== 0) continue;
        const image = writeImage(this.directory, fold.image(), latest);
        fold.releaseImage();
        this.commit([...this.images, image]);
      }
    }
  }

  /** Nothing is made from an image that is damaged: whoever opens the directory next begins anew. */
  private async takenUp(image: ImageFacts): Promise<LogFold> {
    try {
      const fold = new LogFold();
      fold.restore(await readImage(this.directory, image));
      return fold;
    } catch (error) {
      removeManifest(this.directory);
      throw error;
    }
  }

  /** From here on everything taken in can be used, and only what may stay is there. */
  private commit(images: Manifest['images']): void {
    const reaches = this.times.reached ?? this.written?.reaches;
    if (reaches === undefined) return;
    const before = new Set(this.images.map(({ name }) => name));
    const spaced = thinned({ step: this.step, images }, reaches.ordinal + 1);
    this.step = spaced.step;
    const { logId } = this.log;
    this.times.sync();
    writeManifest(this.directory, { logId, reaches, times: this.times.facts, ...spaced });
    this.written = readManifest(this.directory, logId);
    const kept = new Set(spaced.images.map(({ name }) => name));
    for (const name of [...before, ...images.map((one) => one.name)])
      if (!kept.has(name)) rmSync(join(this.directory, name), { force: true });
  }
}

/** What an interrupted writer left behind, or everything. */
function removeOthers(directory: string, manifest: Manifest | undefined): void {
  const kept = new Set(manifest && [manifestName, timesName, ...manifest.images.map(({ name }) => name)]);
  for (const name of readdirSync(directory)) if (!kept.has(name)) rmSync(join(directory, name), { force: true });
}
