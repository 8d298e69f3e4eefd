import type { LogFold } from '../../../projections/index.js';
import { StoreError } from '../../event-store/event-store.port.js';
import type { KnownLog, LogReader } from '../known-log.js';
import { foldFromImages } from './fold-from-images.js';
import type { ImagesPlace } from './images-place.js';
import { MapImages } from './map-images.js';

/**
 * The map of a known log as of a moment (ms since 1970; undefined: all of it), with the help of the images in a place; by
 * plain replay where there are none, or none to be believed. Rejects with the StoreError of the log.
 */
export async function pastMap(
  reader: LogReader,
  known: KnownLog,
  { at, place }: { readonly at: number | undefined; readonly place: ImagesPlace },
): Promise<LogFold> {
  const images = await MapImages.open(place.directory, reader);
  if (images === undefined) return known.fold(at);
  try {
    return await foldFromImages(reader, known, images, at);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    place.onUnusable?.(error);
    return known.fold(at);
  } finally {
    await images.close();
  }
}
