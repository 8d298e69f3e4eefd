import { endianness } from 'node:os';
import { join } from 'node:path';
import { hashOfText } from '../../../projections/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import { type Manifest, readManifest, type Reach } from './manifest.js';
import { DamagedIndex, PostingRun } from './posting-run.js';

/** Where the events of a log stand that name a thing: a help to find them fast, and no more. */
export interface AddressHistory {
  /** Every event up to this ordinal is in it; -1 when none is. */
  readonly reaches: number;
  /**
   * What is posted under a key, ascending, each once; now and then also what is posted under another.
   * @throws DamagedIndex when it is not as it was written: then nothing of it may be believed
   */
  valuesOf(key: string): number[];
  /** The last of these up to a bound; undefined where there is none. @throws DamagedIndex as above */
  lastOf(key: string, atMost: number): number | undefined;
}

/** What an index is held against. */
export type IndexedLog = Pick<EventStore, 'logId' | 'readAt'>;

/** The name of the index's directory in a data directory. */
export const historyDirectory = 'address-history';

/** Somebody may replace the runs between a look at the manifest and the opening of the files. */
const attempts = 3;

/** The index of a log on disk, opened for look-ups. Whoever writes it may go on meanwhile. */
export class HistoryIndex implements AddressHistory {
  private constructor(
    private readonly manifest: Manifest,
    private readonly runs: readonly PostingRun[],
  ) {}

  /** Undefined where there is none, or none that is whole and of this log. Rejects with the StoreError of the log. */
  static async open(directory: string, log: IndexedLog): Promise<HistoryIndex | undefined> {
    if (endianness() !== 'LE') return undefined;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const manifest = readManifest(directory, log.logId);
      if (manifest === undefined || !(await stands(manifest.reaches, log))) return undefined;
      const runs = openRuns(directory, manifest);
      if (runs !== undefined) return new HistoryIndex(manifest, runs);
    }
    return undefined;
  }

  get reaches(): number {
    return this.manifest.reaches.ordinal;
  }

  valuesOf(key: string): number[] {
    const hash = hashOfText(key);
    const values: number[] = [];
    believed(() => {
      for (const run of this.runs) run.collect(hash, values);
    });
    return [...new Set(values)].sort((a, b) => a - b);
  }

  lastOf(key: string, atMost: number): number | undefined {
    const hash = hashOfText(key);
    const found = believed(() => this.runs.flatMap((run) => run.last(hash, atMost) ?? []));
    return found.length === 0 ? undefined : Math.max(...found);
  }

  close(): void {
    for (const run of this.runs) run.close();
  }
}

/** A file that cannot be read is as bad as one that is not as it was written. */
function believed<Found>(look: () => Found): Found {
  try {
    return look();
  } catch (error) {
    throw error instanceof DamagedIndex ? error : new DamagedIndex(String(error));
  }
}

/** True when the log has the event there that the index ends with: it was not replaced by another, or an older copy. */
export async function stands({ ordinal, eventId }: Reach, log: IndexedLog): Promise<boolean> {
  const [event] = await log.readAt([ordinal]);
  return event?.id === eventId;
}

/** Undefined where one of them cannot be opened, or is damaged. */
export function openRuns(directory: string, { runs }: Manifest): PostingRun[] | undefined {
  const opened: PostingRun[] = [];
  try {
    for (const facts of runs) opened.push(PostingRun.open(join(directory, facts.name), facts));
    return opened;
  } catch {
    for (const run of opened) run.close();
    return undefined;
  }
}
