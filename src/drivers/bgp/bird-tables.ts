import type { Community } from './bgp.port.js';
import type { BirdReply } from './bird-control.js';

/** What the daemon's table says of one route of ours. */
export interface TableRoute {
  /** Undefined where it has none. */
  readonly med: number | undefined;
  readonly communities: readonly Community[];
}

/**
 * Each route in the answer to `show route all protocol NAME`, by `destination interface`. BIRD 2 names attributes
 * `BGP.med`, `BGP.community`, `BGP.large_community`; BIRD 3 `bgp_med`, `bgp_community`, `bgp_large_community`.
 */
export function tableRoutes(reply: BirdReply): Map<string, TableRoute> {
  const routes = new Map<string, { med: number | undefined; communities: Community[] }>();
  let destination = '';
  let current: { med: number | undefined; communities: Community[] } | undefined;
  for (const { text } of reply.lines) {
    if (!text.startsWith('\t')) {
      const route = /^(\S*)\s+(?:unicast|blackhole|unreachable|prohibit) /.exec(text);
      if (route === null) continue;
      destination = route[1] || destination;
      current = undefined;
      continue;
    }
    const hop = text.startsWith('\tvia ') || text.startsWith('\tdev ') ? hopOf(text) : undefined;
    if (hop !== undefined) routes.set(`${destination} ${hop}`, (current = { med: undefined, communities: [] }));
    if (!text.startsWith('\tBGP.') && !text.startsWith('\tbgp_')) continue;
    const [, name, value] = /^\t(?:BGP\.|bgp_)(med|community|large_community): (.*)$/.exec(text) ?? [];
    if (current === undefined || value === undefined) continue;
    if (name === 'med') current.med = Number(value);
    else current.communities.push(...communitiesIn(value));
  }
  return routes;
}

const hopOf = (text: string): string | undefined => /^\t(?:via \S+ on|dev) (\S+)/.exec(text)?.[1];

/** `(64512,100) (64512, 1, 2)`; the blanks are BIRD's, and only in large ones. */
function communitiesIn(text: string): Community[] {
  return [...text.matchAll(/\((\d+), ?(\d+)(?:, ?(\d+))?\)/g)].map(([, first, second, third]) =>
    third === undefined ? [Number(first), Number(second)] : [Number(first), Number(second), Number(third)],
  );
}

/**
 * What the daemon's static protocol is configured with, in the answer to `show static NAME`:
 * `destination next-hop%interface` or `destination interface`, dormant ones too.
 */
export function configuredKeys(reply: BirdReply): Set<string> {
  const keys = new Set<string>();
  let destination = '';
  for (const { text } of reply.lines) {
    const hop = /^\s+(?:via|dev) (\S+)/.exec(text)?.[1];
    if (hop !== undefined) keys.add(`${destination} ${hop}`);
    else destination = /^(\S+\/\d+)$/.exec(text)?.[1] ?? destination;
  }
  return keys;
}

/**
 * `destination interface` of what the main table forwards by, from `ip -j route show table all proto bird`.
 * Routes that the kernel holds but marks dead for want of a link are left out.
 */
export function kernelKeys(json: unknown): Set<string> {
  const keys = new Set<string>();
  const rows = Array.isArray(json)
    ? (json as { dst?: unknown; dev?: unknown; flags?: unknown; table?: unknown }[])
    : [];
  for (const { dst, dev, flags, table } of rows) {
    if (typeof dst !== 'string' || typeof dev !== 'string' || (table !== undefined && table !== 'main')) continue;
    if (Array.isArray(flags) && (flags.includes('linkdown') || flags.includes('dead'))) continue;
    const destination = dst.includes('/') ? dst : `${dst}/${dst.includes(':') ? 128 : 32}`;
    keys.add(`${destination} ${dev}`);
  }
  return keys;
}

/** When the daemon loaded its configuration, ms since 1970, from `show status`; undefined in a time format we do not know. */
export function lastReconfiguration(reply: BirdReply): number | undefined {
  for (const { text } of reply.lines) {
    const [, day, time] = /^Last reconfiguration on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/.exec(text) ?? [];
    if (day !== undefined) return new Date(`${day}T${time}`).getTime();
  }
  return undefined;
}

/** Whether the daemon undoes its configuration unless somebody confirms it, from `configure status`. */
export function isUnconfirmed(reply: BirdReply): boolean {
  return reply.lines.some(({ code, text }) => code === '0022' || /^Configuration unconfirmed/.test(text));
}
