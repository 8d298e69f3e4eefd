import type { BirdReply } from './bird-control.js';

/** `destination interface` of each route in the answer to `show route protocol NAME`. */
export function tableKeys(reply: BirdReply): Set<string> {
  const keys = new Set<string>();
  let destination = '';
  for (const { text } of reply.lines) {
    const route = /^(\S*)\s+(?:unicast|blackhole|unreachable|prohibit) /.exec(text);
    if (route !== null) destination = route[1] || destination;
    const hop = /^\s+(?:via \S+ on|dev) (\S+)/.exec(text)?.[1];
    if (hop !== undefined) keys.add(`${destination} ${hop}`);
  }
  return keys;
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
