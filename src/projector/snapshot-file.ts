import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { bytesOfImage, type FoldImage } from '../../projections/index.js';

/** What a snapshot stands for; all of it must fit before its rows are looked at. */
export interface SnapshotOrigin {
  readonly logId: string;
  /** Of the code that folded. */
  readonly version: string;
  /** Of the last event folded, and where its store has it. */
  readonly ordinal: number;
  readonly position: string;
  readonly eventId: string;
}

export interface SnapshotHeader extends SnapshotOrigin {
  readonly format: number;
  /** SHA-256 of the bytes behind the header: all that the fold remembers. */
  readonly stateHash: string;
}

/** A snapshot that was read and is whole, or why it is none. */
export type ReadSnapshot =
  { readonly header: SnapshotHeader; readonly state: Uint8Array } | { readonly problem: string };

const format = 1;
/** The header: JSON filled up with blanks, then the SHA-256 of that in hexadecimal, then a line feed. */
const headerBytes = 1024;
const checksumBytes = 65;
const keptFiles = 2;
const unfinished = '.unfinished';
const namePattern = /^snapshot-(\d{16})\.bin$/;

/** The names of the snapshots in a directory, the newest state first; none where there is no directory. */
export function snapshotNames(directory: string): string[] {
  return namesIn(directory)
    .filter((name) => namePattern.test(name))
    .sort()
    .reverse();
}

/**
 * Writes a snapshot; it appears under its name only when it is whole and on the disk. Keeps the one before it, and
 * removes all others.
 * @throws whatever the file system throws; the snapshots that were there are then still there
 */
export function writeSnapshot(directory: string, origin: SnapshotOrigin, image: FoldImage): SnapshotHeader {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  for (const name of namesIn(directory)) if (name.endsWith(unfinished)) rmSync(join(directory, name));
  const name = `snapshot-${String(origin.ordinal).padStart(16, '0')}.bin`;
  const path = join(directory, name);
  const file = openSync(path + unfinished, 'w', 0o640);
  let header: SnapshotHeader;
  try {
    header = { ...origin, format, stateHash: writeState(file, image) };
    writeAll(file, headerOf(header), 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(path + unfinished, path);
  syncDirectory(directory);
  const older = snapshotNames(directory).filter((one) => one < name);
  const kept = new Set([name, ...older.slice(0, keptFiles - 1)]);
  for (const one of snapshotNames(directory)) if (!kept.has(one)) rmSync(join(directory, one), { force: true });
  return header;
}

/** Reads a snapshot and checks that it is whole; whether it fits the log is for the caller to see. Never throws. */
export function readSnapshot(directory: string, name: string): ReadSnapshot {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(directory, name));
  } catch (error) {
    return { problem: `it cannot be read (${error instanceof Error ? error.message : String(error)})` };
  }
  const header = headerIn(bytes);
  if (header === undefined) return { problem: 'it is damaged: its header is not as it was written' };
  if (header.format !== format) return { problem: `it has format ${header.format}, expected ${format}` };
  const state = bytes.subarray(headerBytes);
  if (sha256(state) !== header.stateHash) return { problem: 'it is damaged: its rows are not as they were written' };
  return { header, state };
}

/** Removes a snapshot; one that is gone already is left at that. */
export function removeSnapshot(directory: string, name: string): void {
  rmSync(join(directory, name), { force: true });
}

function writeState(file: number, image: FoldImage): string {
  const hash = createHash('sha256');
  let at = headerBytes;
  for (const piece of bytesOfImage(image)) {
    hash.update(piece);
    writeAll(file, piece, at);
    at += piece.length;
  }
  return hash.digest('hex');
}

function headerOf(header: SnapshotHeader): Buffer {
  const text = Buffer.alloc(headerBytes - checksumBytes, ' ');
  const json = Buffer.from(JSON.stringify(header));
  if (json.length > text.length)
    throw new RangeError(`The header of a snapshot has ${json.length} bytes; expected at most ${text.length}.`);
  json.copy(text);
  return Buffer.concat([text, Buffer.from(`${sha256(text)}\n`)]);
}

function headerIn(bytes: Buffer): SnapshotHeader | undefined {
  const text = bytes.subarray(0, headerBytes - checksumBytes);
  const checksum = bytes.toString('latin1', headerBytes - checksumBytes, headerBytes - 1);
  if (bytes.length < headerBytes || sha256(text) !== checksum) return undefined;
  return JSON.parse(text.toString()) as SnapshotHeader;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
