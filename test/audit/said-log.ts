import type { StoredEvent } from '../../events/index.js';
import { leafOrNone } from '../../src/audit/log-reading.js';
import type { VerifiableLog } from '../../src/audit/verify-log.js';
import type { LogTree, ReadPage } from '../../src/event-store/event-store.port.js';
import { consistencyProof, inclusionProof, rootOf } from '../../src/event-store/merkle-tree.js';
import { KeptLeaves } from '../support/kept-leaves.js';

/** Small pages, so that a log has many. */
const pageSize = 7;

/**
 * A log that says whatever a test makes it say and checks nothing of it. Its tree stands over `leaves`: those of what it
 * says, as an insider would have it, unless told otherwise.
 */
export function saidLog(
  logId: string,
  said: readonly StoredEvent[],
  leaves: readonly StoredEvent[] = said,
): VerifiableLog {
  const kept = new KeptLeaves(leaves.map(leafOrNone));
  const size = leaves.length;
  const tree: LogTree = {
    head: () => Promise.resolve({ size, root: rootOf(kept, size) }),
    rootAt: (at) => Promise.resolve(rootOf(kept, at)),
    inclusionProof: (ordinal, at) => Promise.resolve(inclusionProof(kept, ordinal, at)),
    consistencyProof: (earlier, at) => Promise.resolve(consistencyProof(kept, earlier, at)),
  };
  const readAll = ({ after = '0' }: { after?: string } = {}): Promise<ReadPage> => {
    const end = Number(after) + pageSize;
    const next = end < said.length ? String(end) : undefined;
    return Promise.resolve({ events: said.slice(Number(after), end), next });
  };
  return { logId, readAll, tree };
}
