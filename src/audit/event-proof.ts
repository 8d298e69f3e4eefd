import type { StoredEvent } from '../../events/index.js';
import { eventLeaf, type EventStore, type LeafEvent } from '../event-store/event-store.port.js';

/** What stands in a log at an ordinal, with all that is needed to prove it. Hashes are base64. */
export interface EventInTree {
  readonly logId: string;
  readonly ordinal: number;
  readonly event: LeafEvent;
  readonly leafHash: string;
  /** Of the tree the path leads to. */
  readonly size: number;
  readonly root: string;
  /** Audit path from the leaf's sibling up (RFC 6962 section 2.1.1). */
  readonly path: readonly string[];
}

/** A proof that needs nothing else but the verifier key: what `audit prove` prints. */
export interface EventProof extends EventInTree {
  readonly portledger: 'proof';
  readonly version: 1;
  /** The signed note with this size and root; absent where none was at hand. */
  readonly checkpoint?: string;
}

/** Which event is meant: by its id, its ordinal, or a position of its store. */
export type EventName = { readonly id: string } | { readonly ordinal: number } | { readonly position: string };

/** What of a store a proof is made from. */
export type ProvableLog = Pick<EventStore, 'logId' | 'tree' | 'findById' | 'readAll' | 'readAt'>;

/** The event with this name, or undefined; read at its place, however long the log is. */
export async function findEvent(log: ProvableLog, name: EventName): Promise<StoredEvent | undefined> {
  if ('id' in name) return log.findById(name.id);
  if ('position' in name) return atPosition(log, name.position);
  const [event] = await log.readAt([name.ordinal]);
  return event;
}

async function atPosition(log: ProvableLog, position: string): Promise<StoredEvent | undefined> {
  // Nothing reads at a position, only after it: so after the event before it.
  const before = await log.readAll({ after: position, limit: 1, backwards: true });
  const previous = before.events[0];
  const next = await log.readAll({ limit: 1, ...(previous === undefined ? {} : { after: previous.position }) });
  return next.events.find((event) => event.position === position);
}

/** Puts an event in the tree of the first `size` events. A RangeError: it is not among them. */
export async function eventInTree(log: ProvableLog, stored: StoredEvent, size: number): Promise<EventInTree> {
  const { id, stream, type, data, metadata, ordinal } = stored;
  const event = { id, stream, type, data, metadata };
  const [root, path] = await Promise.all([log.tree.rootAt(size), log.tree.inclusionProof(ordinal, size)]);
  return {
    logId: log.logId,
    ordinal,
    event,
    leafHash: eventLeaf(event).toString('base64'),
    size,
    root: root.toString('base64'),
    path: path.map((hash) => hash.toString('base64')),
  };
}
