import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { builtVersion } from '../../projector/built-version.js';
import { readSealedJson, writeSealedJson } from '../sealed-json.js';
import type { TimeFacts } from '../time-blocks/time-blocks.js';

/** What is known of one image of the map beside what stands in it. */
export interface ImageFacts {
  readonly name: string;
  /** Of the last event folded. */
  readonly ordinal: number;
  /** From this moment on (ms since 1970) everything that was folded counts; null: always. */
  readonly latest: number | null;
  readonly bytes: number;
  /** CRC-32 of each piece of the file. */
  readonly checks: readonly number[];
}

/** What there is, and of which log. */
export interface Manifest {
  readonly format: number;
  /** Of the code that folded. */
  readonly version: string;
  readonly logId: string;
  /** The last event of which the time is kept; no image stands at a later one. */
  readonly reaches: { readonly ordinal: number; readonly eventId: string };
  readonly times: TimeFacts;
  /** Images stand at multiples of so many events. */
  readonly step: number;
  /** The oldest first. */
  readonly images: readonly ImageFacts[];
}

export const timesName = 'times.bin';
export const manifestName = 'images.json';
const format = 1;

/** The manifest in a directory, where it is whole, of this format and code, and of this log. Never throws. */
export function readManifest(directory: string, logId: string): Manifest | undefined {
  const manifest = readSealedJson(join(directory, manifestName)) as Manifest | undefined;
  if (manifest === undefined) return undefined;
  const fits = manifest.format === format && manifest.version === builtVersion() && manifest.logId === logId;
  return fits ? manifest : undefined;
}

/** From now on this is what there is. @throws the error of the file system */
export function writeManifest(directory: string, facts: Omit<Manifest, 'format' | 'version'>): void {
  writeSealedJson(join(directory, manifestName), { format, version: builtVersion(), ...facts } satisfies Manifest);
}

/** Nothing in the directory counts any more. @throws the error of the file system */
export function removeManifest(directory: string): void {
  rmSync(join(directory, manifestName), { force: true });
}
