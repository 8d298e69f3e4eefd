import type { Ipv6Prefix } from '../../events/index.js';
import type { PrefixGrant } from '../assignments.projection.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/** Prefixes, each with whether it is granted by the last word. */
export function packGrants(grants: readonly PrefixGrant[], into: RowWriter): void {
  into.whole(grants.length);
  for (const grant of grants) {
    into.text(grant.prefix);
    into.flag(grant.value);
    into.stamp(grant);
  }
}

export function unpackGrants(from: RowReader): readonly PrefixGrant[] {
  const grants: PrefixGrant[] = [];
  for (let left = from.whole(); left > 0; left--) {
    const prefix = from.text() as Ipv6Prefix;
    const value = from.flag();
    from.passStamp();
    grants.push({ prefix, value, time: from.stampTime, ordinal: from.stampOrdinal });
  }
  return grants;
}
