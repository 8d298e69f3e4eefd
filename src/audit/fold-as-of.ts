import type { StoredEvent } from '../../events/index.js';
import { LogFold } from '../../projections/index.js';
import { type AsOf, isKnown } from './as-of.js';

/** Folds a log given page by page; no more than a page and the map is in memory. */
export async function foldAsOf(
  pages: AsyncIterable<readonly StoredEvent[]> | Iterable<readonly StoredEvent[]>,
  { at, knownAt }: AsOf,
): Promise<LogFold> {
  const fold = new LogFold(at === undefined ? {} : { at });
  for await (const page of pages) {
    for (const event of page) {
      if (!isKnown(event, knownAt)) return fold;
      fold.fold(event);
    }
  }
  return fold;
}
