import { join } from 'node:path';
import { addressHistoryVersion } from '../../../projections/index.js';
import { readSealedJson, writeSealedJson } from '../sealed-json.js';
import type { RunFacts } from './posting-run.js';

/** The last event that is in an index. */
export interface Reach {
  readonly ordinal: number;
  readonly eventId: string;
}

/** What an index consists of, and which log it is of. */
export interface Manifest {
  readonly format: number;
  /** Of the code that posted. */
  readonly version: number;
  readonly logId: string;
  readonly reaches: Reach;
  /** The largest first. */
  readonly runs: readonly RunFacts[];
}

const format = 1;
const manifestName = 'index.json';

/** The manifest in a directory, where it is whole, of this format and version, and of this log. Never throws. */
export function readManifest(directory: string, logId: string): Manifest | undefined {
  const manifest = readSealedJson(join(directory, manifestName)) as Manifest | undefined;
  if (manifest === undefined) return undefined;
  const fits = manifest.format === format && manifest.version === addressHistoryVersion && manifest.logId === logId;
  return fits ? manifest : undefined;
}

/** From now on the index is this; what was read of the one before stays as it was. @throws the error of the file system */
export function writeManifest(directory: string, facts: Omit<Manifest, 'format' | 'version'>): void {
  writeSealedJson(join(directory, manifestName), {
    format,
    version: addressHistoryVersion,
    ...facts,
  } satisfies Manifest);
}
