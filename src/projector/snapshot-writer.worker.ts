import { parentPort, workerData } from 'node:worker_threads';
import type { FoldImage } from '../../projections/index.js';
import { yieldToOthers } from './low-priority.js';
import { type SnapshotOrigin, writeSnapshot } from './snapshot-file.js';

/** What the thread is started with; the rows of the image are in memory that both threads see. */
export interface SnapshotOrder {
  readonly directory: string;
  readonly origin: SnapshotOrigin;
  readonly image: FoldImage;
}

export type SnapshotWritten = { readonly written: string } | { readonly problem: string };

// Sorts, hashes and writes one image, and ends: none of it holds up the thread that folds.
yieldToOthers();
const { directory, origin, image } = workerData as SnapshotOrder;
parentPort?.postMessage(outcome());

function outcome(): SnapshotWritten {
  try {
    return { written: writeSnapshot(directory, origin, image).stateHash };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
