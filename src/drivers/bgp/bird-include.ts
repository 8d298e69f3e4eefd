import {
  formatIpv6,
  type Ipv4Address,
  type Ipv6Prefix,
  isLinkLocal,
  parseIpv4,
  parseIpv6,
  parseIpv6Prefix,
  prefixBits,
  wordsOf,
} from '../../../events/index.js';
import { readStampLine } from '../stamp-line.js';
import type { DeviceStamp } from '../switch/switch.port.js';
import type { Community, Route } from './bgp.port.js';
import { attributesOf, byNumbers, communitiesText, isCommunity } from './communities.js';

/** What one of our include files says. */
export interface IncludeFile {
  readonly routes: readonly Route[];
  readonly stamp: DeviceStamp | undefined;
  /** True while the daemon has not confirmed that it loaded these routes. */
  readonly pending: boolean;
}

/** A line of an include file that we did not write. */
export class ForeignLine extends Error {
  constructor(
    readonly line: number,
    readonly text: string,
  ) {
    super(`line ${line}: ${text}`);
  }
}

const interfaceShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;
const symbol = /^[A-Za-z][A-Za-z0-9_]*$/;
const highestMed = 0xffffffff;
const v6Line = /^route (\S+) via ([0-9a-f:]+)%('?)([A-Za-z0-9._-]+)\3 \{ bgp_med = (\d+);((?: bgp_\S+;)*) \};$/;
const v4Line = /^route (\S+)\/32 via "([A-Za-z0-9._-]+)" \{ bgp_med = (\d+);((?: bgp_\S+;)*) \};$/;
const addition = /^bgp_(large_)?community\.add\(\((\d+),(\d+)(?:,(\d+))?\)\);$/;

/** Why a route cannot be written, or undefined. BIRD itself takes a link-local without interface and a doubled prefix. */
export function routeFault(route: Route): string | undefined {
  if (!interfaceShape.test(route.interface)) return `"${route.interface}" is no interface name`;
  if (!Number.isInteger(route.med) || route.med < 0 || route.med > highestMed)
    return `MED ${route.med} is not 0 to ${highestMed}`;
  const odd = route.communities?.find((community) => !isCommunity(community));
  if (odd !== undefined) return `(${odd.join(',')}) is no community`;
  if (route.family === 'ipv4')
    return parseIpv4(route.address) === undefined ? `"${route.address}" is no IPv4 address` : undefined;
  if (parseIpv6Prefix(route.prefix) === undefined) return `"${route.prefix}" is no prefix that can be announced`;
  if (parseIpv6(route.nextHop) === undefined || !isLinkLocal(route.nextHop))
    return `next hop "${route.nextHop}" is not in fe80::/64`;
  return undefined;
}

export function destinationOf(route: Route): string {
  return route.family === 'ipv6' ? route.prefix : `${route.address}/32`;
}

/** Thrown for a route that must not be written; the message names the route and the reason. */
export class FaultyRoute extends Error {}

/** One line a route, in one order so that the same set has one text. Throws FaultyRoute. */
export function renderRoutes(routes: readonly Route[]): string {
  return new RouteLines().render(routes);
}

/** Renders whole sets one after another: a line rendered for the set before is not checked and rendered again. */
export class RouteLines {
  private lines = new Map<string, string>();

  render(routes: readonly Route[]): string {
    const lines = new Map<string, string>();
    for (const route of routes) {
      const key = `${destinationOf(route)} ${route.family === 'ipv6' ? route.nextHop : ''} ${route.interface} ${attributesOf(route)}`;
      lines.set(key, this.lines.get(key) ?? checkedLine(route));
    }
    this.lines = lines;
    return [...lines.values()].sort().join('');
  }
}

function checkedLine(route: Route): string {
  const fault = routeFault(route);
  if (fault !== undefined) throw new FaultyRoute(`route ${destinationOf(route)}: ${fault}`);
  return `${renderRoute(route)}\n`;
}

/** The text below the first line, where that is a comment. */
export function bodyOf(text: string): string {
  return text.startsWith('#') ? text.slice(text.indexOf('\n') + 1 || text.length) : text;
}

/** Reads our own file back. Throws ForeignLine at the first line that is not exactly as we write it. */
export function parseInclude(text: string, family: Route['family']): IncludeFile {
  const routes: Route[] = [];
  let stamp: DeviceStamp | undefined;
  let pending = false;
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const first = index === 0 ? readStampLine(line) : undefined;
    if (first !== undefined) {
      ({ stamp, pending } = first);
      return;
    }
    const route = family === 'ipv6' ? parseV6(line) : parseV4(line);
    if (route === undefined || routeFault(route) !== undefined) throw new ForeignLine(index + 1, line);
    routes.push(route);
  });
  return { routes, stamp, pending };
}

function renderRoute(route: Route): string {
  const attributes = `{ bgp_med = ${Math.trunc(route.med)};${renderCommunities(route)} };`;
  if (route.family === 'ipv4') {
    return `route ${route.address.split('.').map(Number).join('.')}/32 via "${route.interface}" ${attributes}`;
  }
  const { words, length } = prefixBits(route.prefix);
  const scope = symbol.test(route.interface) ? route.interface : `'${route.interface}'`;
  return `route ${formatIpv6(words)}/${length} via ${formatIpv6(wordsOf(route.nextHop))}%${scope} ${attributes}`;
}

function renderCommunities(route: Route): string {
  const communities = communitiesText(route)
    .split(' ')
    .filter((text) => text !== '');
  return communities
    .map((text) => text.split(':').map(Number))
    .map((parts) => ` bgp_${parts.length === 3 ? 'large_' : ''}community.add((${parts.join(',')}));`)
    .join('');
}

/** The communities of a line, or undefined where they are not exactly as we write them. */
function parseCommunities(text: string): { communities?: readonly Community[] } | undefined {
  if (text === '') return {};
  const communities: Community[] = [];
  for (const one of text.trim().split(' ')) {
    const [whole, large, first, second, third] = addition.exec(one) ?? [];
    if (whole === undefined || (large === undefined) !== (third === undefined)) return undefined;
    const [a, b] = [Number(first), Number(second)];
    communities.push(third === undefined ? [a, b] : [a, b, Number(third)]);
  }
  const inOrder = communities.every((one, index) => {
    const before = communities[index - 1];
    return before === undefined || byNumbers(before, one) < 0;
  });
  return inOrder ? { communities } : undefined;
}

function parseV6(line: string): Route | undefined {
  const [, destination, via, , interfaceName, med, added = ''] = v6Line.exec(line) ?? [];
  const attributes = parseCommunities(added);
  const prefix: Ipv6Prefix | undefined = parseIpv6Prefix(destination);
  const nextHop = parseIpv6(via);
  if (prefix === undefined || nextHop === undefined || interfaceName === undefined) return undefined;
  if (attributes === undefined) return undefined;
  return { family: 'ipv6', prefix, nextHop, interface: interfaceName, med: Number(med), ...attributes };
}

function parseV4(line: string): Route | undefined {
  const [, destination, interfaceName, med, added = ''] = v4Line.exec(line) ?? [];
  const attributes = parseCommunities(added);
  const address: Ipv4Address | undefined = parseIpv4(destination);
  if (address === undefined || interfaceName === undefined || attributes === undefined) return undefined;
  return { family: 'ipv4', address, interface: interfaceName, med: Number(med), ...attributes };
}
