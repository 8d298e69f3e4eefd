import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../../../events/index.js';
import type { LogFold } from '../../../projections/index.js';
import type { KnownLog, LogReader } from '../known-log.js';
import type { TimeBlocks } from '../time-blocks/time-blocks.js';
import { logStretch } from './log-stretch.js';
import type { MapImages } from './map-images.js';

/** A block of which more than one event in so many counts is read as it stands. */
const sparse = 4;
const turnSize = 128;

/**
 * The map of a known log as of a moment (ms since 1970; undefined: all of it): from the newest image that holds nothing
 * later, and then of the log, in its order, every event that counts by then. Equal to the fold of every event, but that its
 * ordinal may be that of an earlier one. Rejects with what `MapImages` and the log reject with.
 */
export async function foldFromImages(
  reader: LogReader,
  known: KnownLog,
  images: MapImages,
  at: number | undefined,
): Promise<LogFold> {
  const fold = await images.startOf(known.ordinal, at);
  if (at !== undefined) {
    const last = Math.min(known.ordinal, images.times.events - 1);
    await new Stretch({ reader, known, times: images.times, at, fold }).foldTo(last);
    return foldAll(fold, logStretch(reader, Math.max(fold.ordinal, last) + 1, known.ordinal));
  }
  return foldAll(fold, logStretch(reader, fold.ordinal + 1, known.ordinal));
}

async function foldAll(fold: LogFold, pages: AsyncIterable<readonly StoredEvent[]>): Promise<LogFold> {
  for await (const page of pages) for (const event of page) fold.fold(event);
  return fold;
}

interface Folding {
  readonly reader: LogReader;
  readonly known: KnownLog;
  readonly times: TimeBlocks;
  readonly at: number;
  readonly fold: LogFold;
}

/** The part of a log of which the times are known. */
class Stretch {
  /** Events of frozen streams: held whatever their time, as a fold that meets every event does. */
  private readonly held = new Set<number>();
  private readonly frozen = new Set<string>();

  constructor(private readonly folding: Folding) {}

  /** Folds what counts up to this ordinal. */
  async foldTo(last: number): Promise<void> {
    const { times, fold } = this.folding;
    for (const { stream } of fold.frozenStreams()) await this.hold(stream);
    let next = fold.ordinal + 1;
    while (next <= last) {
      const block = times.blockOf(next);
      const end = Math.min(last, (block + 1) * times.blockEvents - 1);
      next = (await this.foldBlock(block, next, end)) + 1;
    }
  }

  /** Folds up to `end`, or to an event that froze its stream: from there on more of it counts. Returns how far it came. */
  private async foldBlock(block: number, first: number, end: number): Promise<number> {
    const { reader } = this.folding;
    const wanted = await this.wantedIn(block, first, end);
    if (wanted.length * sparse > end - first + 1) {
      for await (const page of logStretch(reader, first, end)) {
        const stopped = await this.foldEvents(page);
        if (stopped !== undefined) return stopped;
      }
      return end;
    }
    for (let from = 0; from < wanted.length; from += turnSize) {
      const stopped = await this.foldEvents(await reader.readAt(wanted.slice(from, from + turnSize)));
      if (stopped !== undefined) return stopped;
      await nextTurn(); // A long answer must not keep the engine from its other work.
    }
    return end;
  }

  private async wantedIn(block: number, first: number, end: number): Promise<number[]> {
    const { times, at } = this.folding;
    const wanted: number[] = [];
    const counts = times.earliestOf(block) <= at;
    if (!counts && this.held.size === 0) return wanted;
    const from = block * times.blockEvents;
    const known = counts ? await times.timesOf(block) : undefined;
    for (let ordinal = first; ordinal <= end; ordinal++)
      if ((known?.[ordinal - from] ?? Number.POSITIVE_INFINITY) <= at || this.held.has(ordinal)) wanted.push(ordinal);
    return wanted;
  }

  private async foldEvents(events: readonly StoredEvent[]): Promise<number | undefined> {
    const { fold } = this.folding;
    for (const event of events) {
      fold.fold(event);
      if (!fold.isFrozen(event.stream) || this.frozen.has(event.stream)) continue;
      await this.hold(event.stream);
      return event.ordinal;
    }
    return undefined;
  }

  private async hold(stream: string): Promise<void> {
    this.frozen.add(stream);
    for await (const page of this.folding.known.pagesOfStream(stream))
      for (const { ordinal } of page) this.held.add(ordinal);
  }
}
