import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredEvent } from '../../events/index.js';

/** One golden sample: an event as it was stored, and what it means for ever. */
export interface Sample {
  readonly file: string;
  readonly stored: StoredEvent;
  readonly expected: { readonly stream: string; readonly time: string; readonly data: Record<string, unknown> };
}

const folder = 'test/events/corpus';

/** The golden samples, read from the sources; they are never edited. */
export const corpus: readonly Sample[] = readdirSync(folder)
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Sample, 'file'>) }));

/** The newest sample of a type. */
export function sampleOf(type: string): Sample {
  const sample = corpus.filter((one) => one.stored.type === type).at(-1);
  if (sample === undefined) throw new Error(`${folder}: no sample of ${type}; add ${type}.v1.json`);
  return sample;
}
