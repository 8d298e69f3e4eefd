import type { CustomerId } from '../../events/index.js';
import { delegatedIn, type DelegationRow } from '../delegations.projection.js';
import { packGrants, unpackGrants } from './grants.js';
import type { Packing } from './packing.js';

/** Claims follow from the words: only their places in line are kept. */
export const packedDelegations: Packing<DelegationRow> = {
  pack({ prefixes, claims }, into) {
    packGrants(prefixes, into);
    for (const { since } of claims) into.ordinal(since);
  },
  unpack(key, from) {
    const customerId = key as CustomerId;
    const prefixes = unpackGrants(from);
    return { customerId, prefixes, claims: delegatedIn(prefixes, customerId, [], () => from.ordinal()) };
  },
};
