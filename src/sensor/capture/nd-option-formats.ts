import { byteAt, ipv6At, macAt, uint16At, uint32At } from './frame-bytes.js';

/** What an option says, by name. Lifetimes are in seconds, 4294967295 for ever; bytes without a better spelling are hex. */
export type OptionFields = Readonly<Record<string, string | number | boolean | readonly string[]>>;

interface OptionFormat {
  readonly name: string;
  /** All of `bytes[at]` to `bytes[at + length - 1]` is there, 8 bytes or more. Answers why, where the option is not as its RFC says. */
  readonly read?: (bytes: Uint8Array, at: number, length: number) => OptionFields | string;
}

/** The options of ND messages by type, with where their format stands; of those without `read` only the name is told. */
export const optionFormats: ReadonlyMap<number, OptionFormat> = new Map<number, OptionFormat>([
  [1, { name: 'source-link-layer', read: linkLayer }], // RFC 4861 section 4.6.1
  [2, { name: 'target-link-layer', read: linkLayer }],
  [3, { name: 'prefix-information', read: prefixInformation }], // RFC 4861 section 4.6.2
  [4, { name: 'redirected-header', read: redirectedHeader }], // RFC 4861 section 4.6.3
  [5, { name: 'mtu', read: mtu }], // RFC 4861 section 4.6.4
  [7, { name: 'advertisement-interval', read: advertisementInterval }], // RFC 6275 section 7.3
  [8, { name: 'home-agent-information' }], // RFC 6275 section 7.4
  [11, { name: 'cga' }], // RFC 3971 section 5.1
  [12, { name: 'rsa-signature' }], // RFC 3971 section 5.2
  [13, { name: 'timestamp', read: timestamp }], // RFC 3971 section 5.3.1
  [14, { name: 'nonce', read: (bytes, at, length) => ({ nonce: hexOf(bytes, at + 2, at + length) }) }], // RFC 3971 section 5.3.2
  [15, { name: 'trust-anchor' }], // RFC 3971 section 6.4.3
  [16, { name: 'certificate' }], // RFC 3971 section 6.4.4
  [24, { name: 'route-information', read: routeInformation }], // RFC 4191 section 2.3
  [25, { name: 'rdnss', read: resolvers }], // RFC 8106 section 5.1
  [26, { name: 'flags-extension', read: (bytes, at) => ({ flags: hexOf(bytes, at + 2, at + 8) }) }], // RFC 5175 section 4
  [31, { name: 'dnssl', read: searchList }], // RFC 8106 section 5.2
  [37, { name: 'captive-portal', read: captivePortal }], // RFC 8910 section 2.3
  [38, { name: 'pref64', read: pref64 }], // RFC 8781 section 4
]);

const notOf = (expected: string): string => `expected ${expected} bytes`;

function linkLayer(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  return length === 8 ? { mac: macAt(bytes, at + 2) } : notOf('8');
}

function prefixInformation(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  if (length !== 32) return notOf('32');
  const prefixLength = byteAt(bytes, at + 2);
  if (prefixLength > 128) return `prefix length ${prefixLength}, expected 128 or less`;
  const flags = byteAt(bytes, at + 3);
  return {
    prefix: `${ipv6At(bytes, at + 16)}/${prefixLength}`,
    onLink: (flags & 0x80) !== 0,
    autonomous: (flags & 0x40) !== 0,
    routerAddress: (flags & 0x20) !== 0, // RFC 6275 section 7.2
    validSeconds: uint32At(bytes, at + 4),
    preferredSeconds: uint32At(bytes, at + 8),
  };
}

/** The packet that was sent to the wrong router, as much of it as fits. */
function redirectedHeader(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  const quoted = at + 8;
  const quotedBytes = length - 8;
  if (quotedBytes < 40 || byteAt(bytes, quoted) >>> 4 !== 6) return { quotedBytes };
  const [quotedSource, quotedDestination] = [ipv6At(bytes, quoted + 8), ipv6At(bytes, quoted + 24)];
  return { quotedBytes, quotedSource, quotedDestination, quotedNextHeader: byteAt(bytes, quoted + 6) };
}

function mtu(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  return length === 8 ? { mtu: uint32At(bytes, at + 4) } : notOf('8');
}

function advertisementInterval(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  return length === 8 ? { intervalMs: uint32At(bytes, at + 4) } : notOf('8');
}

/** 48 bits of seconds since 1970, 16 bits of their 65,536th parts. */
function timestamp(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  if (length !== 16) return notOf('16');
  const seconds = uint16At(bytes, at + 8) * 2 ** 32 + uint32At(bytes, at + 10);
  return { seconds, fraction: uint16At(bytes, at + 14) / 65_536 };
}

/** 2 is reserved: the option is ignored then. */
const preferences = ['medium', 'high', undefined, 'low'] as const;

function routeInformation(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  const prefixLength = byteAt(bytes, at + 2);
  if (prefixLength > 128) return `prefix length ${prefixLength}, expected 128 or less`;
  const least = prefixLength > 64 ? 24 : prefixLength > 0 ? 16 : 8;
  if (length < least || length > 24)
    return `prefix length ${prefixLength}, ${notOf(least === 24 ? '24' : `${least} to 24`)}`;
  const preference = preferences[(byteAt(bytes, at + 3) >>> 3) & 3];
  if (preference === undefined) return 'preference 2, which is reserved';
  const prefix = ipv6At(
    Uint8Array.from({ length: 16 }, (_, i) => (8 + i < length ? byteAt(bytes, at + 8 + i) : 0)),
    0,
  );
  return { prefix: `${prefix}/${prefixLength}`, preference, lifetimeSeconds: uint32At(bytes, at + 4) };
}

function resolvers(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  if (length < 24 || (length - 8) % 16 !== 0) return 'expected 8 bytes and 16 for each server';
  const servers = Array.from({ length: (length - 8) / 16 }, (_, index) => ipv6At(bytes, at + 8 + 16 * index));
  return { servers, lifetimeSeconds: uint32At(bytes, at + 4) };
}

/** Names as RFC 1035 section 3.1 writes them, never compressed; zeroes fill the rest. */
function searchList(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  const end = at + length;
  const domains: string[] = [];
  let labels: string[] = [];
  for (let next = at + 8; next < end;) {
    const size = byteAt(bytes, next);
    if (size > 63) return `a label of ${size} bytes, expected 63 or fewer`;
    if (next + 1 + size > end) return 'a label that reaches past its end';
    if (size > 0) labels.push(textOf(bytes, next + 1, next + 1 + size, isLabelByte));
    else if (labels.length > 0) {
      domains.push(labels.join('.'));
      labels = [];
    }
    next += 1 + size;
  }
  if (labels.length > 0) return 'a name without its end';
  return { domains, lifetimeSeconds: uint32At(bytes, at + 4) };
}

/** Zeroes fill the rest of the URI. */
function captivePortal(bytes: Uint8Array, at: number, length: number): OptionFields {
  let end = at + length;
  while (end > at + 2 && byteAt(bytes, end - 1) === 0) end--;
  return { uri: textOf(bytes, at + 2, end, isUriByte) };
}

const pref64Lengths = [96, 64, 56, 48, 40, 32] as const;

function pref64(bytes: Uint8Array, at: number, length: number): OptionFields | string {
  if (length !== 16) return notOf('16');
  const word = uint16At(bytes, at + 2);
  const prefixLength = pref64Lengths[word & 7];
  if (prefixLength === undefined) return `prefix length code ${word & 7}, expected 0 to 5`;
  const prefix = ipv6At(
    Uint8Array.from({ length: 16 }, (_, i) => (i < 12 ? byteAt(bytes, at + 4 + i) : 0)),
    0,
  );
  return { prefix: `${prefix}/${prefixLength}`, lifetimeSeconds: (word >>> 3) * 8 };
}

const isLabelByte = (byte: number): boolean =>
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x2d ||
  byte === 0x5f;

/** Printable ASCII but for the blank and the backslash, which is what escapes. */
const isUriByte = (byte: number): boolean => byte > 0x20 && byte < 0x7f && byte !== 0x5c;

/** Bytes from a stranger as text: what is not plain is `\DDD`, as in RFC 1035 section 5.1. */
function textOf(bytes: Uint8Array, from: number, to: number, isPlain: (byte: number) => boolean): string {
  return Array.from(bytes.subarray(from, to), (byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`,
  ).join('');
}

function hexOf(bytes: Uint8Array, from: number, to: number): string {
  return Array.from(bytes.subarray(from, to), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
