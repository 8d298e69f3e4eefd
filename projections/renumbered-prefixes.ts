import { prefixBits, prefixContains, wordsOf } from '../events/index.js';
import { PrefixTree } from './packing/prefix-tree.js';
import type { RenumberingRow } from './renumberings.projection.js';

/** One of the two prefixes of a renumbering that is not, or not yet, or no more, what its server simply has. */
export interface RenumberedPrefix {
  readonly row: RenumberingRow;
  readonly which: 'old' | 'new';
}

/** Finds the renumbering that an address has to do with, among however many there were. */
export class RenumberedPrefixes {
  private readonly rows = new Map<string, RenumberingRow>();
  /** At each prefix its number in `idsAt`. */
  private readonly tree = new PrefixTree();
  private readonly idsAt: string[][] = [];

  get size(): number {
    return this.rows.size;
  }

  get(renumberingId: string): RenumberingRow | undefined {
    return this.rows.get(renumberingId);
  }

  /** Takes in a renumbering, or what became of it. */
  put(row: RenumberingRow): void {
    const { renumberingId, from, to } = row;
    if (!this.rows.has(renumberingId)) for (const prefix of [from, to]) this.link(prefix, renumberingId);
    this.rows.set(renumberingId, row);
  }

  /**
   * The renumbering that explains best why an address is claimed by `serverId`: of this server before others, and of them
   * the one ordered last. Undefined for an address that lies in no prefix which was moved to or from.
   */
  explaining(address: string, serverId?: string): RenumberedPrefix | undefined {
    if (this.rows.size === 0 || !address.includes(':')) return undefined;
    let best: RenumberedPrefix | undefined;
    this.tree.covering(wordsOf(address), 128, (at) => {
      for (const id of this.idsAt[at] ?? []) {
        const row = this.rows.get(id);
        const which = row && besidesWhatItHas(row, address);
        if (row === undefined || which === undefined) continue;
        if (best === undefined || isNearer(row, best.row, serverId)) best = { row, which };
      }
    });
    return best;
  }

  private link(prefix: RenumberingRow['from'], id: string): void {
    const { words, length } = prefixBits(prefix);
    const at = this.tree.get(words, length);
    if (at >= 0) return void this.idsAt[at]?.push(id);
    this.tree.set(words, length, this.idsAt.push([id]) - 1);
  }
}

/** In which of the two prefixes an address lies: the old one where they nest. */
export function prefixWith(
  { from, to }: Pick<RenumberingRow, 'from' | 'to'>,
  address: string,
): 'old' | 'new' | undefined {
  if (prefixContains(from, address)) return 'old';
  return prefixContains(to, address) ? 'new' : undefined;
}

/** At its end one of the two is simply the server's, and says nothing; of a server that is gone neither does. */
function besidesWhatItHas(row: RenumberingRow, address: string): 'old' | 'new' | undefined {
  const which = prefixWith(row, address);
  const { order } = row;
  if (order === 'void' || (order === 'finished' && which === 'new') || (order === 'rolled-back' && which === 'old'))
    return undefined;
  return which;
}

function isNearer(one: RenumberingRow, other: RenumberingRow, serverId: string | undefined): boolean {
  const [isOwn, isOtherOwn] = [one.serverId === serverId, other.serverId === serverId];
  return isOwn === isOtherOwn ? one.orderedAt > other.orderedAt : isOwn;
}
