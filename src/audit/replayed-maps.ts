import type { FrozenStream, NetworkMap } from '../../projections/index.js';
import { type AsOf, spellAsOf } from './as-of.js';
import { Kept } from './kept.js';
import { KnownLog, type LogReader } from './known-log.js';

export interface ReplayedMap {
  readonly map: NetworkMap;
  /** Of the last event folded. */
  readonly ordinal: number;
  readonly frozenStreams: readonly FrozenStream[];
}

/**
 * Maps of the past, made by replay. The last one is kept for a minute, so that the further pages of an answer do not
 * replay the log again; no more than one is kept, because each is as large as the live map.
 */
export class ReplayedMaps {
  private readonly kept = new Kept<ReplayedMap>();

  constructor(private readonly reader: LogReader) {}

  async asOf(asOf: AsOf): Promise<ReplayedMap> {
    const head = (await this.reader.head())?.ordinal ?? -1;
    const bounded = { ...asOf, knownAt: asOf.knownAt ?? { ordinal: head } };
    const { at, knownAt } = spellAsOf(bounded);
    const key = 'ordinal' in bounded.knownAt ? `${at} ${knownAt}` : `${at} ${knownAt} of #${head}`;
    return this.kept.get(key, () => this.replay(bounded));
  }

  private async replay({ at, knownAt }: AsOf): Promise<ReplayedMap> {
    const log = await KnownLog.open(this.reader, knownAt);
    const fold = await log.fold(at);
    return { map: fold.map, ordinal: fold.ordinal, frozenStreams: fold.frozenStreams() };
  }
}
