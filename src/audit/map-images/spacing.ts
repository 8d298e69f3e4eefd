import type { ImageFacts } from './manifest.js';

/** Disk that the images may take, for each event of the log: about what an event takes in the log itself. */
export const bytesPerEvent = 512;
const mostImages = 256;

export interface Spaced {
  /** Images stand at multiples of so many events. */
  readonly step: number;
  /** The oldest first. */
  readonly images: readonly ImageFacts[];
}

/**
 * The images that may stay beside a log of so many events: as long as they take too much, every other one goes and the step
 * doubles. So they stay evenly spread, and any moment is about as near to one as any other. One always stays.
 */
export function thinned({ step, images }: Spaced, events: number): Spaced {
  const bytes = images.reduce((sum, image) => sum + image.bytes, 0);
  const fits = bytes <= events * bytesPerEvent && images.length <= mostImages;
  if (fits || images.length < 2) return { step, images };
  const wider = images.filter(({ ordinal }) => (ordinal + 1) % (step * 2) === 0);
  return thinned({ step: step * 2, images: wider.length > 0 ? wider : images.slice(-1) }, events);
}
