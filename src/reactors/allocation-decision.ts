import { catalogue, formatInstant, type StoredEvent } from '../../events/index.js';
import type { AllocationOrder } from '../../projections/index.js';
import { namedUuid } from './named-uuid.js';
import type { Choice } from './stock.js';

const source = 'urn:portledger:allocator';

/**
 * The event that answers an order. One sale has one first decision, and one more for each that it lost: the id says which this is.
 * @param sale the fact that asked @param facts all of its stream @param now ms since 1970
 */
export function allocationDecision(
  { bought, lost, product }: AllocationOrder,
  { type, data }: Choice,
  { sale, facts, now }: { readonly sale: StoredEvent; readonly facts: readonly StoredEvent[]; readonly now: number },
) {
  const before = facts.find((event) => event.ordinal === lost?.ordinal);
  const id = namedUuid(`${product} ${sale.id} ${before?.id ?? ''}`);
  const time = formatInstant(Math.max(now, bought.time, lost?.time ?? 0));
  const causedBy = before === undefined ? [sale.id] : [sale.id, before.id];
  const metadata = { source, sourceId: id, schemaVersion: catalogue[type].version, time, causedBy };
  return { id, type, data, metadata };
}
