import { Worker } from 'node:worker_threads';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { Log } from '../../ops/log.js';
import type { LogDoor } from '../address-history/history-keeper.js';
import { DamagedKeep } from '../time-blocks/damaged.js';
import { type ImageSizes, usualSizes } from './images-writer.js';
import { readManifest, removeManifest } from './manifest.js';
import type { ImagesPlace } from './images-place.js';

export interface ImagesOrder {
  readonly door: LogDoor;
  readonly directory: string;
  /** Default `usualSizes`. */
  readonly sizes?: ImageSizes;
}

/** What the thread tells when it is done: how far the images are now, or why they are not. */
export type ImagesTold = { readonly reaches: number } | { readonly problem: string };

export interface ImagesOptions extends ImagesOrder {
  readonly store: Pick<EventStore, 'logId' | 'head'>;
  readonly log: Log;
}

/** How often it is looked whether the log has grown enough; the first time after as long, when the engine has started. */
const lookMs = 20_000;

/**
 * The engine's end of the images of the map: has a thread bring them up to the log whenever that has grown by a block of
 * events. The thread ends when it is done, so that its map is in memory only as long.
 */
export class ImagesKeeper {
  private timer: NodeJS.Timeout | undefined;
  private worker: Worker | undefined;
  private ended: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly options: ImagesOptions,
    private readonly everyMs = lookMs,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), this.everyMs).unref();
  }

  /** What there is to answer with. */
  get place(): ImagesPlace {
    return { directory: this.options.directory, onUnusable: (error) => this.unusable(error) };
  }

  /** Stops the thread; resolves when it has let go of the log. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    this.worker?.ref();
    this.worker?.postMessage('stop');
    await this.ended;
  }

  private async look(): Promise<void> {
    const { directory, store, log, sizes = usualSizes } = this.options;
    if (this.worker !== undefined || this.closed) return;
    try {
      const last = (await store.head())?.ordinal ?? -1;
      const reaches = readManifest(directory, store.logId)?.reaches.ordinal ?? -1;
      if (last - reaches >= sizes.blockEvents) this.bringUp();
    } catch (error) {
      log.warn('map images not looked at', { directory, reason: reasonOf(error) });
    }
  }

  private bringUp(): void {
    if (this.worker !== undefined || this.closed) return;
    const { door, directory, log, sizes = usualSizes } = this.options;
    const order: ImagesOrder = { door, directory, sizes };
    const worker = new Worker(new URL('./images.worker.js', import.meta.url), { workerData: order });
    this.worker = worker;
    worker.unref();
    const missed = (reason: string): void => log.warn('map images not brought up', { directory, reason });
    worker.on('message', (told: ImagesTold) => {
      if ('problem' in told) missed(told.problem);
    });
    worker.on('error', (error) => missed(error.message));
    this.ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.worker = undefined;
        resolve();
      });
    });
  }

  private unusable(error: unknown): void {
    const { directory, log } = this.options;
    log.warn('map images not believed', { directory, reason: reasonOf(error) });
    // Files that went away while they were read were replaced; what is damaged is made anew.
    if (!(error instanceof DamagedKeep || error instanceof RangeError)) return;
    // A thread that is at work would say once more that all is there.
    this.worker?.postMessage('stop');
    void this.ended.then(() => removeManifest(directory));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
