import type { HistoryKeeper } from './audit/address-history/history-keeper.js';
import type { ImagesKeeper } from './audit/map-images/images-keeper.js';
import type { EngineParts } from './engine-parts.js';

/** Keeps up the index by which the audit finds events fast; without it the audit reads the log. */
export function startHistory({ history }: EngineParts): HistoryKeeper {
  history.start();
  return history;
}

/** Keeps up the images from which the audit makes maps of the past; without them it replays the log. */
export function startImages({ images }: EngineParts): ImagesKeeper {
  images.start();
  return images;
}
