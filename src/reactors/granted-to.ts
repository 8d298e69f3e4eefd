import { type Ipv4Address, parseIpv4, parseIpv6Prefix, type ServerId, wordsOf } from '../../events/index.js';
import type { Binding, NetworkMap } from '../../projections/index.js';

/** The server that holds exactly this destination of a route, and since which event it was sold to it. */
export interface Grant {
  readonly binding: Binding;
  readonly soldAt: number;
}

/** Who holds a route's destination, `2001:db8:16::/48` or `198.51.100.16/32`; undefined where nobody does. */
export function grantOf(map: NetworkMap, destination: string): Grant | undefined {
  const slash = destination.indexOf('/');
  const v4 = parseIpv4(destination.slice(0, slash));
  const id = v4 === undefined ? holderOfPrefix(map, destination) : holderOfIpv4(map, v4);
  const binding = id === undefined ? undefined : map.binding(id);
  if (binding === undefined) return undefined;
  const sold =
    v4 === undefined
      ? binding.prefixes.find(({ prefix }) => prefix === destination)
      : binding.addresses.find(({ address }) => address === v4);
  return sold === undefined ? undefined : { binding, soldAt: sold.soldAt };
}

function holderOfIpv4(map: NetworkMap, address: Ipv4Address): ServerId | undefined {
  return map.claims.holderOf({ kind: 'ipv4', address });
}

/** Prefixes of one customer may nest: the one that is meant is the identical one. */
function holderOfPrefix(map: NetworkMap, destination: string): ServerId | undefined {
  const prefix = parseIpv6Prefix(destination);
  if (prefix === undefined) return undefined;
  const around = map.claims.holdersOfAddress(wordsOf(prefix.slice(0, prefix.indexOf('/'))));
  return around.find(({ claim }) => claim.kind === 'prefix' && claim.prefix === prefix)?.serverId;
}
