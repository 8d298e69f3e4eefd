import { formatInstant } from '../../../events/index.js';
import type { NetworkMap } from '../../../projections/index.js';
import type { ScoredPrefix } from './scoreboard.js';

/** A prefix on the scorecard, with who holds it now; times in RFC 3339. */
export interface PrefixView extends Omit<ScoredPrefix, 'lastFrameTime'> {
  readonly lastSeen: string;
  /** Who was sold the first address of the prefix; absent where nobody was. */
  readonly serverId?: string;
  readonly customerId?: string;
}

export function prefixView({ lastFrameTime, ...score }: ScoredPrefix, map: NetworkMap): PrefixView {
  const holder = map.holderOfAddress(score.prefix.slice(0, score.prefix.indexOf('/')));
  return {
    ...score,
    lastSeen: formatInstant(lastFrameTime),
    ...(holder !== undefined && { serverId: holder.serverId }),
    ...(holder?.customerId !== undefined && { customerId: holder.customerId }),
  };
}
