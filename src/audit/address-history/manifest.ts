import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressHistoryVersion } from '../../../projections/index.js';
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
  let text: string;
  try {
    text = readFileSync(join(directory, manifestName), 'utf8');
  } catch {
    return undefined;
  }
  const [json = '', checksum] = text.split('\n');
  if (checksum !== sha256(json)) return undefined;
  const manifest = JSON.parse(json) as Manifest;
  const fits = manifest.format === format && manifest.version === addressHistoryVersion && manifest.logId === logId;
  return fits ? manifest : undefined;
}

/** From now on the index is this; what was read of the one before stays as it was. @throws the error of the file system */
export function writeManifest(directory: string, facts: Omit<Manifest, 'format' | 'version'>): void {
  const json = JSON.stringify({ format, version: addressHistoryVersion, ...facts } satisfies Manifest);
  const path = join(directory, manifestName);
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w', 0o640);
  try {
    writeFileSync(file, `${json}\n${sha256(json)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
