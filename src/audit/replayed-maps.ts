import type { ServerId } from '../../events/index.js';
import type { FrozenStream, LogFold, NetworkMap } from '../../projections/index.js';
import { type AsOf, spellAsOf } from './as-of.js';
import { Kept } from './kept.js';
import { KnownLog, type LogReader } from './known-log.js';
import { type OpenViolations, openViolations } from './open-violations.js';
import { idsOf, type MapFilters } from './map-answer.js';
import type { ImagesPlace } from './map-images/images-place.js';

export interface ReplayedMap {
  readonly map: NetworkMap;
  /** Of the last event folded. */
  readonly ordinal: number;
  readonly frozenStreams: readonly FrozenStream[];
  /** The servers that fit, by server id: found once for all pages of an answer. */
  readonly idsOf: (filters: MapFilters) => readonly ServerId[];
  /** The violations that were open: found once. */
  readonly openViolations: () => OpenViolations;
}

/**
 * Maps of the past, made by replay, from an image where there is one. The last one is kept for a minute, so that the further
 * pages of an answer do not replay the log again; no more than one is kept, because each is as large as the live map.
 */
export class ReplayedMaps {
  private readonly kept = new Kept<ReplayedMap>();

  /** @param place where images of the map may stand; without it the log is replayed from its start */
  constructor(
    private readonly reader: LogReader,
    private readonly place?: ImagesPlace,
  ) {}

  async asOf(asOf: AsOf): Promise<ReplayedMap> {
    const head = (await this.reader.head())?.ordinal ?? -1;
    const bounded = { ...asOf, knownAt: asOf.knownAt ?? { ordinal: head } };
    const { at, knownAt } = spellAsOf(bounded);
    const key = 'ordinal' in bounded.knownAt ? `${at} ${knownAt}` : `${at} ${knownAt} of #${head}`;
    return this.kept.get(key, () => this.replay(bounded));
  }

  private async replay({ at, knownAt }: AsOf): Promise<ReplayedMap> {
    const log = await KnownLog.open(this.reader, knownAt);
    const fold = this.place === undefined ? await log.fold(at) : await this.fromImages(log, at, this.place);
    return {
      map: fold.map,
      ordinal: log.ordinal,
      frozenStreams: fold.frozenStreams(),
      idsOf: keptIds(fold.map),
      openViolations: once(() => openViolations(fold.map)),
    };
  }

  /** Loaded by whoever asks for a map: to know the code that folds takes longer than a short answer. */
  private async fromImages(log: KnownLog, at: number | undefined, place: ImagesPlace): Promise<LogFold> {
    const { pastMap } = await import('./map-images/past-maps.js');
    return pastMap(this.reader, log, { at, place });
  }
}

function once<Found>(find: () => Found): () => Found {
  let found: { readonly value: Found } | undefined;
  return () => (found ??= { value: find() }).value;
}

/** The map does not change any more: what fits is looked for once, and the last list is kept. */
function keptIds(map: NetworkMap): ReplayedMap['idsOf'] {
  let last: { readonly key: string; readonly ids: readonly ServerId[] } | undefined;
  return (filters) => {
    const key = JSON.stringify(filters);
    if (last?.key !== key) last = { key, ids: idsOf(map, filters) };
    return last.ids;
  };
}
