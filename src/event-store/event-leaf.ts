import type { StoredEvent } from '../../events/index.js';
import { canonicalJson } from './canonical-json.js';
import { leafHash } from './leaf-hash.js';

/** What of an event its leaf covers; not its place: ordinal and revision follow from the order of the leaves. */
export type LeafEvent = Pick<StoredEvent, 'id' | 'stream' | 'type' | 'data' | 'metadata'>;

/**
 * The leaf hash of an event as it was read, 32 bytes.
 * @throws NotJson for data or metadata that no store of ours accepts (lone surrogates, nesting deeper than 64)
 */
export function eventLeaf({ id, stream, type, data, metadata }: LeafEvent): Buffer {
  return leafHash({ id, stream, type, data: canonicalJson(data), metadata: canonicalJson(metadata) });
}
