import { endianness } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogFold } from '../../../projections/index.js';
import { type IndexedLog, stands } from '../address-history/history-index.js';
import { always } from '../time-blocks/event-time.js';
import { TimeBlocks } from '../time-blocks/time-blocks.js';
import { readImage } from './image-file.js';
import { type Manifest, readManifest, timesName } from './manifest.js';

/** The images of a log's map and the times of its events on disk, opened for one question. Whoever writes them may go on. */
export class MapImages {
  private constructor(
    private readonly directory: string,
    private readonly manifest: Manifest,
    readonly times: TimeBlocks,
  ) {}

  /** Undefined where there are none, or none of this log and this code. Rejects with the StoreError of the log. */
  static async open(directory: string, log: IndexedLog): Promise<MapImages | undefined> {
    if (endianness() !== 'LE') return undefined;
    const manifest = readManifest(directory, log.logId);
    if (manifest === undefined || !(await stands(manifest.reaches, log))) return undefined;
    const times = await TimeBlocks.open(join(directory, timesName), manifest.times).catch(() => undefined);
    return times && new MapImages(directory, manifest, times);
  }

  /**
   * A fold that stands at the newest image in which every event has an ordinal of at most `last` and a time of at most `at`
   * (undefined: whatever time); an empty one where no image is that old. Rejects with DamagedKeep, a RangeError, or the error
   * of the file system.
   */
  async startOf(last: number, at: number | undefined): Promise<LogFold> {
    const fits = this.manifest.images.filter(
      ({ ordinal, latest }) => ordinal <= last && (at === undefined || (latest ?? always) <= at),
    );
    const newest = fits.at(-1);
    const fold = new LogFold(at === undefined ? {} : { at });
    if (newest === undefined) return fold;
    const steps = fold.restoreInSteps(await readImage(this.directory, newest));
    while (steps.next().done !== true) await nextTurn();
    return fold;
  }

  close(): Promise<void> {
    return this.times.close();
  }
}
