import {
  type IpAddress,
  type Ipv6Prefix,
  parseAnyMac,
  parseIp,
  parseIpv4,
  parseIpv6Prefix,
  parsePort,
  parseServerId,
  type PortId,
  type ServerId,
} from '../../events/index.js';
import type { Read } from './as-of.js';

/** What an audit question is about. */
export type Subject =
  | { readonly kind: 'ip'; readonly address: IpAddress }
  | { readonly kind: 'prefix'; readonly prefix: Ipv6Prefix }
  | { readonly kind: 'mac'; readonly mac: string }
  | { readonly kind: 'port'; readonly port: PortId }
  | { readonly kind: 'server'; readonly serverId: ServerId };

type Kind = Subject['kind'];

const readers: Record<Kind, (text: string) => Subject | undefined> = {
  ip: (text) => {
    const address = parseIp(text) ?? parseIpv4(text.replace(/\/32$/, ''));
    return address && { kind: 'ip', address };
  },
  prefix: (text) => {
    const prefix = parseIpv6Prefix(text);
    return prefix && { kind: 'prefix', prefix };
  },
  mac: (text) => {
    const mac = parseAnyMac(text);
    return mac === undefined ? undefined : { kind: 'mac', mac };
  },
  port: (text) => {
    const port = parsePort(text);
    return port && { kind: 'port', port };
  },
  server: (text) => {
    const serverId = parseServerId(text);
    return serverId && { kind: 'server', serverId };
  },
};

const kinds = Object.keys(readers) as Kind[];
const forms = 'an IP address, an IPv6 prefix, a MAC, a port as switch:interface, or a server id';

/**
 * Everything the text may mean, the likeliest first: a MAC is also a well-formed port and a well-formed server id, and
 * only the log knows which of them exists. `ip:`, `prefix:`, `mac:`, `port:` or `server:` in front leaves one meaning.
 */
export function subjectsOf(text: string, allowed: readonly Kind[] = kinds): Read<readonly Subject[]> {
  const marked = kinds.find((kind) => text.startsWith(`${kind}:`));
  if (marked !== undefined) {
    const subject = readers[marked](text.slice(marked.length + 1));
    if (subject === undefined) return { problem: `subject: "${text}" names no ${marked}; ${cure(text)}` };
    return allowed.includes(marked) ? { value: [subject] } : { problem: notAsked(text) };
  }
  const [address, length] = text.split('/');
  if (length !== undefined && parseIp(address) !== undefined && readers.prefix(text) === undefined) {
    // Well formed as a port, but nobody who writes this means one.
    if (readers.ip(text) === undefined) return { problem: `subject: "${text}" is no prefix; ${cure(text)}` };
  }
  const meanings = kinds.flatMap((kind) => readers[kind](text) ?? []);
  if (meanings.length === 0) return { problem: `subject: "${text}" is none of ${forms}; ${cure(text)}` };
  const askable = meanings.filter((one) => allowed.includes(one.kind));
  return askable.length === 0 ? { problem: notAsked(text) } : { value: askable };
}

/** The one spelling of a subject, without its mark. */
export function spell(subject: Subject): string {
  switch (subject.kind) {
    case 'ip':
      return subject.address;
    case 'prefix':
      return subject.prefix;
    case 'mac':
      return subject.mac;
    case 'port':
      return subject.port;
    case 'server':
      return subject.serverId;
  }
}

/** The spelling that can mean nothing else. */
export function spellMarked(subject: Subject): string {
  return `${subject.kind}:${spell(subject)}`;
}

function notAsked(text: string): string {
  const id = text.replace(/^server:/, '');
  return `subject: "${text}" is a server, and who-had asks who had an address, a MAC or a port; for a server ask: explain server:${id}`;
}

function cure(text: string): string {
  if (parseIpv4(text.replace(/\/\d+$/, '')) !== undefined) {
    return 'IPv4 addresses are sold one by one: name one address';
  }
  if (text.includes('/')) return 'write an IPv6 prefix without host bits, such as 2001:db8:16::/48';
  return 'write for example 198.51.100.16, 52:54:00:00:00:16, leaf1:Ethernet16 or server:ID';
}
