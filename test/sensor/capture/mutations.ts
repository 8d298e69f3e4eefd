// Real frames and captures, and damage done to them by chance that can be told again from its seed.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { CaptureReader } from '../../../src/sensor/capture/capture.reader.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { ETHERNET } from '../../../src/sensor/capture/link-type.js';
import { ownCaptures, realdata } from './capture-files.js';

/** Whole numbers from 0 to below `limit`, the same ones for the same seed (Mulberry32). */
export function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000) * limit);
  };
}

const longestFile = 40_000;

/** Small captures: those that nobody here made where they are there, and always our own. */
export function captures(): { readonly name: string; readonly bytes: Buffer }[] {
  const data = realdata();
  const folders = 'missing' in data ? [ownCaptures] : [ownCaptures, join(data.folder, 'pcap')];
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => !name.endsWith('.md'))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile() && statSync(path).size <= longestFile)
      .map((path) => ({ name: basename(path), bytes: readFileSync(path) })),
  );
}

/** ARP and ND frames of the captures, over Ethernet; at most 40 of each capture. */
export function neighbourFrames(): Uint8Array[] {
  const fields = new FrameFields();
  return captures().flatMap(({ name, bytes }) => {
    const kept: Uint8Array[] = [];
    const reader = new CaptureReader(name);
    try {
      for (const frame of reader.feed(bytes)) {
        const isWanted = readFrame(frame.bytes, frame.start, frame.end, frame.linkType ?? ETHERNET, fields);
        if (
          isWanted &&
          (frame.linkType ?? ETHERNET) === ETHERNET &&
          frame.end - frame.start <= 1514 &&
          kept.length < 40
        )
          kept.push(frame.bytes.slice(frame.start, frame.end));
      }
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
    }
    return kept;
  });
}

/** Bits turned over, bytes set to what lengths lie with, a piece of another one spliced in, the end cut off or drawn out. */
export function mutated(bytes: Uint8Array, other: Uint8Array, random: (limit: number) => number): Uint8Array {
  let mutant = Uint8Array.from(bytes);
  for (let times = 1 + random(4); times > 0 && mutant.length > 0; times--) {
    const at = random(mutant.length);
    switch (random(6)) {
      case 0:
      case 1:
        mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        mutant[at] = [0, 1, 4, 6, 7, 0x20, 0x7f, 0x80, 0xff][random(9)] ?? 0;
        break;
      case 3:
        mutant = mutant.slice(0, random(mutant.length + 1));
        break;
      case 4: {
        const from = random(other.length + 1);
        mutant.set(other.subarray(from, Math.min(other.length, from + random(mutant.length - at + 1))), at);
        break;
      }
      default: {
        const longer = new Uint8Array(mutant.length + random(64));
        longer.set(mutant);
        mutant = longer;
      }
    }
  }
  return mutant;
}
