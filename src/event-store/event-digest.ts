import type { StoredEvent } from '../../events/index.js';
import { canonicalJson } from './canonical-json.js';
import { sha256 } from './sha256.js';

/**
 * What a publisher can compute for itself and hold against a receipt: SHA-256, in hexadecimal, of the RFC 8785 form of
 * {id, stream, type, data, metadata}, where `id` is the event's own UUID and `metadata` all that was said of it, without
 * the engine's `recordedAt`. The same in every store and every copy of the log; a leaf hash covers `recordedAt` as well.
 */
export function eventDigest({
  id,
  stream,
  type,
  data,
  metadata,
}: Pick<StoredEvent, 'id' | 'stream' | 'type' | 'data' | 'metadata'>): string {
  const { recordedAt, ...said } = metadata;
  void recordedAt;
  return sha256(canonicalJson({ id, stream, type, data, metadata: said })).toString('hex');
}
