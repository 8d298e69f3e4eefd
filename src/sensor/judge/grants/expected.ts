import type { Expected, ServerGrants } from '../../../../projections/index.js';

/** A server as rules may know it. */
export function expectedOfRecord(record: ServerGrants): Expected {
  const { serverId, customerId, port, vlan, mac, otherMacs, suspended } = record;
  return { serverId, customerId, switch: record.switch, port, vlan, mac, otherMacs, suspended };
}
