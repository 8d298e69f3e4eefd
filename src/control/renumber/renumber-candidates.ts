import { setImmediate as breathe } from 'node:timers/promises';
import { prefixBits } from '../../../events/index.js';
import { isEnded, type NetworkMap } from '../../../projections/index.js';

/** A prefix of the length that was asked for, which nobody is renumbering. */
export interface Candidate {
  readonly serverId: string;
  readonly customerId?: string;
  readonly from: string;
}

export interface CandidatesAnswer {
  readonly candidates: readonly Candidate[];
  /** Further ones that are not listed: begin with these. */
  readonly left: number;
}

const most = 10_000;
const slice = 2_000;

/** By server id, at most 10,000. Goes through all servers in slices: other work goes on meanwhile. */
export async function candidatesOf(map: NetworkMap, length: number): Promise<CandidatesAnswer> {
  const open = new Set<string>();
  for (const row of map.renumberings.values()) if (!isEnded(row.order)) open.add(`${row.serverId} ${row.from}`);
  const found: Candidate[] = [];
  let looked = 0;
  for (const serverId of [...map.assignments.keys()]) {
    if (++looked % slice === 0) await breathe();
    const row = map.assignments.get(serverId);
    if (row?.added === undefined) continue;
    for (const { prefix, value } of row.prefixes) {
      if (!value || prefixBits(prefix).length !== length || open.has(`${serverId} ${prefix}`)) continue;
      const customerId = row.customer?.value;
      found.push({ serverId, ...(customerId !== undefined && { customerId }), from: prefix });
    }
  }
  found.sort((a, b) => (a.serverId === b.serverId ? (a.from < b.from ? -1 : 1) : a.serverId < b.serverId ? -1 : 1));
  return { candidates: found.slice(0, most), left: Math.max(0, found.length - most) };
}
