import { isLinkLocal, parseIpv4, parseIpv6, parseIpv6Prefix } from '../../../events/index.js';
import { type Route, routeKey } from './bgp.port.js';
import { staticKey } from './bird-half.js';
import type { TableRoute } from './bird-tables.js';
import { communitiesText } from './communities.js';

/** What the daemon has loaded of one family, in its own words. */
export interface Loaded {
  /** What it is configured with, as `staticKey` names it. */
  readonly configured: ReadonlySet<string>;
  /** What its table has. */
  readonly table: ReadonlyMap<string, TableRoute>;
}

/** How the daemon differs from the routes it should be configured with; undefined where it does not. */
export function differenceOf(routes: readonly Route[], { configured, table }: Loaded): string | undefined {
  const wanted = new Map(routes.map((route) => [staticKey(route), route]));
  const missing = routes.find((route) => !configured.has(staticKey(route)));
  if (missing !== undefined) return `it is not configured with ${staticKey(missing)}`;
  const extra = [...configured].find((key) => !wanted.has(key));
  if (extra !== undefined) return `it is still configured with ${extra}`;
  const other = routes.find((route) => hasOtherAttributes(route, table));
  if (other !== undefined) return `its table has ${routeKey(other)} with another MED or other communities`;
  const keys = new Set(routes.map(routeKey));
  const standing = [...table.keys()].find((key) => !keys.has(key));
  return standing === undefined ? undefined : `its table still has ${standing}`;
}

/** Whether the table has exactly these routes, so that nothing else needs to be asked. */
export function isAllInTable(routes: readonly Route[], table: ReadonlyMap<string, TableRoute>): boolean {
  return (
    routes.length === table.size &&
    routes.every((route) => table.has(routeKey(route)) && !hasOtherAttributes(route, table))
  );
}

/** The routes that the daemon really is configured with, with the attributes of its table; the file's where it has none. */
export function loadedRoutes(said: readonly Route[], { configured, table }: Loaded): Route[] {
  const bySaid = new Map(said.map((route) => [staticKey(route), route]));
  return [...configured].flatMap((key) => {
    const route = bySaid.get(key) ?? routeOfKey(key);
    if (route === undefined) return [];
    const seen = table.get(routeKey(route));
    if (seen === undefined || !hasOtherAttributes(route, table)) return [route];
    return [{ ...route, med: seen.med ?? 0, communities: seen.communities }];
  });
}

function hasOtherAttributes(route: Route, table: ReadonlyMap<string, TableRoute>): boolean {
  const seen = table.get(routeKey(route));
  if (seen === undefined) return false;
  if (seen.med !== route.med) return true;
  const communities = route.communities?.length ?? 0;
  if (communities === 0 && seen.communities.length === 0) return false;
  return communitiesText(seen) !== communitiesText(route);
}

function routeOfKey(key: string): Route | undefined {
  const [destination = '', target = ''] = key.split(' ');
  const prefix = parseIpv6Prefix(destination);
  const [hop, scope = ''] = target.split('%');
  const nextHop = parseIpv6(hop);
  if (prefix !== undefined && nextHop !== undefined && isLinkLocal(nextHop))
    return { family: 'ipv6', prefix, nextHop, interface: scope, med: 0 };
  const address = parseIpv4(destination.replace(/\/32$/, ''));
  return address === undefined ? undefined : { family: 'ipv4', address, interface: target, med: 0 };
}
