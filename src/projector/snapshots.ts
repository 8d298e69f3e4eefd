import { Worker } from 'node:worker_threads';
import type { FoldImage } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { Alerts } from '../ops/alerts.js';
import type { Log } from '../ops/log.js';
import { builtVersion } from './built-version.js';
import {
  readSnapshot,
  removeSnapshot,
  type SnapshotHeader,
  snapshotNames,
  type SnapshotOrigin,
  writeSnapshot,
} from './snapshot-file.js';
import type { SnapshotOrder, SnapshotWritten } from './snapshot-writer.worker.js';
import type { LogDoor, Replayed, VerifyOrder } from './verify-snapshot.worker.js';

export interface SnapshotOptions {
  /** Made where it is missing. */
  readonly directory: string;
  /** A snapshot is written after this many events, and at a clean stop; with 0 none is written or read. */
  readonly everyEvents: number;
  /** How the thread that verifies opens the log. */
  readonly door: LogDoor;
  readonly log: Log;
  readonly alerts: Pick<Alerts, 'raise'>;
}

/** Where the fold stands, and an image of it taken only when one is wanted. */
export interface Standing {
  readonly ordinal: number;
  readonly position: string;
  readonly eventId: string;
  readonly image: () => FoldImage;
  readonly releaseImage: () => void;
}

export interface FoundSnapshot {
  readonly header: SnapshotHeader;
  readonly state: Uint8Array;
}

/**
 * The snapshots of one log: found at start, written in a thread of their own while the engine runs, and verified by a
 * full replay in another. Never the only copy of anything: whatever does not fit is passed by, and the log is replayed.
 */
export class Snapshots {
  private writing: Promise<void> | undefined;
  private verifier: Worker | undefined;
  private newest = -1;
  /** The snapshot that the map was taken from and that a replay does not bear out. */
  private differs: { readonly ordinal: number; readonly detail: string } | undefined;

  constructor(private readonly options: SnapshotOptions) {}

  /** Why the map in memory is not to be trusted, and the cure; undefined while nothing speaks against it. */
  get distrust(): string | undefined {
    return this.differs?.detail;
  }

  /** The newest snapshot that fits this log and this code; why others do not is logged. */
  async find(store: EventStore): Promise<FoundSnapshot | undefined> {
    const { directory, everyEvents, log } = this.options;
    if (everyEvents === 0) return undefined;
    for (const name of snapshotNames(directory)) {
      const found = readSnapshot(directory, name);
      const reason = 'problem' in found ? found.problem : await whyNot(found.header, store);
      if (reason === undefined && !('problem' in found)) {
        this.newest = found.header.ordinal;
        return found;
      }
      log.warn('snapshot ignored', { directory, name, reason });
    }
    return undefined;
  }

  /** The state of a snapshot could not be taken up. */
  refused(header: SnapshotHeader, error: unknown): void {
    this.newest = -1;
    const reason = error instanceof Error ? error.message : String(error);
    this.options.log.warn('snapshot ignored', { ordinal: header.ordinal, reason });
  }

  /** Starts writing a snapshot when one is due and none is being written. */
  offer(standing: Standing, logId: string): void {
    const { everyEvents, directory, log } = this.options;
    const isDue = everyEvents > 0 && standing.ordinal - this.newest >= everyEvents;
    if (!isDue || this.writing !== undefined || this.differs !== undefined) return;
    this.newest = standing.ordinal;
    const order: SnapshotOrder = { directory, origin: originOf(standing, logId), image: standing.image() };
    this.writing = written(order).then((outcome) => {
      standing.releaseImage();
      this.writing = undefined;
      const { ordinal } = standing;
      if ('problem' in outcome) log.warn('snapshot not written', { ordinal, reason: outcome.problem });
      else log.info('snapshot written', { ordinal, stateHash: outcome.written });
      if (this.differs !== undefined) this.removeFrom(this.differs.ordinal);
    });
  }

  /** Replays the log up to a snapshot in a thread of its own; a difference is an alert, and the engine is not ready. */
  verify(header: SnapshotHeader): void {
    const { door, log } = this.options;
    const order: VerifyOrder = { door, ordinal: header.ordinal };
    const worker = new Worker(new URL('./verify-snapshot.worker.js', import.meta.url), { workerData: order });
    this.verifier = worker;
    worker.unref();
    let isTold = false;
    const told = (outcome: Replayed): void => {
      if (isTold) return;
      isTold = true;
      this.verifier = undefined;
      if ('stopped' in outcome) return;
      if ('problem' in outcome) log.warn('snapshot not verified', { ordinal: header.ordinal, reason: outcome.problem });
      else if (outcome.stateHash !== header.stateHash) this.mismatch(header, outcome.stateHash);
      else log.info('snapshot verified', { ordinal: header.ordinal, stateHash: header.stateHash });
    };
    worker.on('message', told);
    worker.on('error', (error) => told({ problem: error.message }));
    worker.on('exit', () => told({ problem: 'its thread ended' }));
  }

  /** Stops verifying, waits for what is being written and writes a last snapshot where the log went on since. */
  async close(standing: Standing | undefined, logId: string): Promise<void> {
    const { everyEvents, directory, log } = this.options;
    await Promise.all([this.writing, this.stopVerifying()]);
    if (standing === undefined || everyEvents === 0 || this.differs !== undefined) return;
    if (standing.ordinal <= this.newest) return;
    try {
      writeSnapshot(directory, originOf(standing, logId), standing.image());
      log.info('snapshot written', { ordinal: standing.ordinal });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('snapshot not written', { ordinal: standing.ordinal, reason });
    } finally {
      standing.releaseImage();
    }
  }

  private mismatch({ ordinal, stateHash }: SnapshotHeader, replayed: string): void {
    const detail = `The map was taken from a snapshot at ordinal ${ordinal} that a replay of the log does not bear out. The snapshot is removed: restart the engine, and it replays the log.`;
    this.differs = { ordinal, detail };
    this.removeFrom(ordinal);
    this.options.alerts.raise('snapshot-differs', {
      key: String(ordinal),
      detail,
      snapshotHash: stateHash,
      replayHash: replayed,
    });
  }

  /** The snapshot that is wrong, and those that were made from it since. */
  private removeFrom(ordinal: number): void {
    const { directory } = this.options;
    for (const name of snapshotNames(directory))
      if (Number(/\d+/.exec(name)?.[0]) >= ordinal) removeSnapshot(directory, name);
  }

  private async stopVerifying(): Promise<void> {
    const worker = this.verifier;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('stop');
    await ended;
  }
}

/** Why a snapshot that is whole does not fit; undefined when it does. */
async function whyNot(header: SnapshotHeader, store: EventStore): Promise<string | undefined> {
  const { logId, version, ordinal, position, eventId } = header;
  if (logId !== store.logId) return `it is of the log ${logId}, expected ${store.logId}`;
  if (version !== builtVersion()) return 'it was made by other code: the rooms that fold were built anew since';
  const head = (await store.head())?.ordinal ?? -1;
  if (head < ordinal) return `it is ahead of the log: it stands at ordinal ${ordinal}, the log ends at ${head}`;
  const event = await store.findById(eventId);
  if (event?.ordinal === ordinal && event.position === position) return undefined;
  return `the log has another event at ordinal ${ordinal} than the one it ends with`;
}

function originOf({ ordinal, position, eventId }: Standing, logId: string): SnapshotOrigin {
  return { logId, version: builtVersion(), ordinal, position, eventId };
}

function written(order: SnapshotOrder): Promise<SnapshotWritten> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./snapshot-writer.worker.js', import.meta.url), { workerData: order });
    worker.on('message', resolve);
    worker.on('error', (error) => resolve({ problem: error.message }));
    worker.on('exit', () => resolve({ problem: 'its thread ended' }));
  });
}
