import { prefixBits, prefixContains, wordsOf } from '../events/index.js';
import { PrefixTree } from './packing/prefix-tree.js';
import { isEnded, type RenumberingOrder } from './renumbering-table.js';
import type { RenumberingRow } from './renumberings.projection.js';
import type { ViolationRow } from './violations.projection.js';

/** One of the two prefixes of a renumbering that is not, or not yet, or no more, what its server simply has. */
export interface RenumberedPrefix {
  readonly row: RenumberingRow;
  readonly which: 'old' | 'new';
}

/** What of a violation has to do with a renumbering. */
export type Claim = Pick<ViolationRow, 'claimedAddress' | 'offenderServerId' | 'firstSeen' | 'lastSeen'>;

/** So long after its end a renumbering still explains what begins to be heard, ms. */
const rememberedMs = 30 * 86_400_000;

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
   * The renumbering that explains best why an address is claimed: of the server that claims it before others, of them the one
   * with the longest prefix, and of these the one ordered last. Undefined for an address that nobody moves to or from.
   */
  explaining(claim: Claim): RenumberedPrefix | undefined {
    const { claimedAddress: address, offenderServerId: serverId } = claim;
    if (this.rows.size === 0 || !address?.includes(':')) return undefined;
    let best: Found | undefined;
    this.tree.covering(wordsOf(address), 128, (at, length) => {
      for (const id of this.idsAt[at] ?? []) {
        const row = this.rows.get(id);
        const which = row && concerned(row, claim);
        if (row === undefined || which === undefined) continue;
        const found = { row, which, length, isOwn: row.serverId === serverId };
        if (best === undefined || isNearer(found, best)) best = found;
      }
    });
    return best && { row: best.row, which: best.which };
  }

  /** Whether this renumbering explains a claim, alone or beside others. */
  explains(renumberingId: string, claim: Claim): boolean {
    const row = this.rows.get(renumberingId);
    return row !== undefined && concerned(row, claim) !== undefined;
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

/**
 * Not what was heard for the last time before it began, nor what began long after its end. At the end one of the two prefixes
 * is simply the server's, and says nothing; of a server that is gone neither does.
 */
function concerned(row: RenumberingRow, { claimedAddress, firstSeen, lastSeen }: Claim): 'old' | 'new' | undefined {
  const { order, startedAt, notedAt } = row;
  if (claimedAddress === undefined || order === 'void' || lastSeen < startedAt) return undefined;
  if (isEnded(order) && firstSeen > notedAt + rememberedMs) return undefined;
  const which = prefixWith(row, claimedAddress);
  return which === settled[order] ? undefined : which;
}

const settled: Partial<Record<RenumberingOrder, 'old' | 'new'>> = { finished: 'new', 'rolled-back': 'old' };

interface Found extends RenumberedPrefix {
  readonly length: number;
  readonly isOwn: boolean;
}

function isNearer(one: Found, other: Found): boolean {
  if (one.isOwn !== other.isOwn) return one.isOwn;
  return one.length === other.length ? one.row.orderedAt > other.row.orderedAt : one.length > other.length;
}
