import { unallocatedCustomerOrders } from './customer-prefixes.js';
import type { NetworkMap } from './network-map.js';

/**
 * What the map grants, one line a server, gateway and delegation, sorted; links, sightings, violations and positions are left out.
 * Two logs that grant the same give the same lines.
 */
export function grantLines(map: NetworkMap): string[] {
  const servers = [...map.bindings()].map((one) =>
    [
      'server',
      one.serverId,
      one.state,
      one.customerId,
      one.port,
      one.vlan,
      one.mac,
      one.linkLocal,
      one.addresses.map((sold) => `${sold.addOnId}=${sold.address}${sold.heldBy ? `!${sold.heldBy}` : ''}`).join(','),
      one.prefixes.map((sold) => `${sold.prefix}${sold.heldBy ? `!${sold.heldBy}` : ''}`).join(','),
      one.unallocated.join(','),
      one.conflicts.map((conflict) => `${conflict.claim}!${conflict.holder}`).join(','),
      ...(one.otherMacs.length === 0 ? [] : [one.otherMacs.join(',')]),
      ...(one.unallocatedOrders.length === 0 ? [] : [`orders ${one.unallocatedOrders.join(',')}`]),
    ].join(' '),
  );
  const gateways = [...map.gateways.values()].map(({ switch: name, declaration: { value } }) =>
    value === undefined
      ? `gateway ${name} retired`
      : `gateway ${name} ${value.vlans?.join(',') ?? '*'} ${value.addresses.join(',')} ${value.macs.join(',')}`,
  );
  const delegations = [...map.delegations.values()].flatMap((row) => [
    ...row.claims.map(({ prefix }) => {
      const holder = map.delegationHolder(row, prefix);
      return `delegation ${row.customerId} ${prefix}${holder === undefined ? '' : `!${holder}`}`;
    }),
    ...unallocatedCustomerOrders(row).map(({ id }) => `delegation ${row.customerId} order ${id}`),
  ]);
  return [...servers, ...gateways, ...delegations].sort();
}

/** A fingerprint of `grantLines`: 64 bits as 16 hexadecimal digits. For comparing maps, not for proving anything. */
export function mapHash(map: NetworkMap): string {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (const line of grantLines(map)) {
    for (let index = 0; index <= line.length; index++) {
      const code = index === line.length ? 10 : line.charCodeAt(index);
      high = Math.imul(high ^ code, 0x01000193) >>> 0;
      low = Math.imul((low ^ code) + (high >>> 7), 0x85ebca6b) >>> 0;
    }
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
