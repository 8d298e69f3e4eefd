import { type Ipv6Address, type Ipv6Words, parseAnyIpv6, wordsOf } from '../../../events/index.js';
import { filled, hexOfWords, masked, prefixDigits, prefixKey, spellPrefix } from './keys.js';
import { isIn, type Match, type Part, type Probe } from './probe.js';

/** An IPv6 address or prefix in any notation (RFC 4291 section 2.2), or the beginning of one. */
export function readIpv6(raw: string): Part | undefined {
  if (!raw.includes(':')) return undefined;
  const text = raw.replace(/^\[([^\]]*)\](?::\d{1,5})?(?=\/|$)/, '$1').replace(/%[^/]*/, '');
  const [, host = '', length] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAnyIpv6(host);
  const bits = length === undefined ? 128 : Number(length);
  if (address === undefined) return length === undefined ? beginningOfIpv6(host) : undefined;
  if (bits > 128 || address.startsWith('::ffff:')) return undefined;
  if (bits === 128) return ofIpv6(address, host);
  return ofPrefix(wordsOf(address), bits);
}

function ofIpv6(address: Ipv6Address, host: string): Part {
  const words = wordsOf(address);
  const key = hexOfWords(words);
  const beginning = host.endsWith('::') ? beginningOfIpv6(host.slice(0, -1)) : undefined;
  const mac = macBehind(words);
  return {
    says: [`the IPv6 address ${address}`],
    ipv6: address,
    probes: [
      { column: 'ipv6', stretches: [[key, key]], fit: (other) => (other === key ? 'exact' : undefined) },
      ...(mac === undefined ? [] : [eui64Of(mac)]),
      around(words, 128),
      ...(beginning?.probes ?? []),
    ],
    subjects: [`ip:${address}`],
  };
}

/** Who has a MAC has its modified EUI-64 link-local, unless billing names another (RFC 4291 appendix A). */
function eui64Of(mac: string): Probe {
  return { column: 'eui64', stretches: [[mac, mac]], fit: (key) => (key === mac ? 'exact' : undefined) };
}

function macBehind([first, second, third, fourth]: Ipv6Words): string | undefined {
  if (first !== 0xfe800000 || second !== 0 || (third & 0xff) !== 0xff || fourth >>> 24 !== 0xfe) return undefined;
  const high = (third >>> 8) ^ 0x020000;
  return `${high.toString(16).padStart(6, '0')}${(fourth & 0xffffff).toString(16).padStart(6, '0')}`;
}

/** The prefixes that contain these bits. */
function around(words: Ipv6Words, length: number): Probe {
  const keys = new Set(Array.from({ length: length + 1 }, (_, bits) => prefixKey(words, bits)));
  return {
    column: 'prefix',
    stretches: [...keys].map((key) => [key, key] as const),
    fit: (key) => (keys.has(key) ? 'around' : undefined),
  };
}

function ofPrefix(words: Ipv6Words, length: number): Part {
  const own = prefixKey(words, length);
  const stretch = [prefixDigits(masked(words, length), length), prefixDigits(filled(words, length), length)] as const;
  const outer = around(words, length);
  const isInside = (key: string): boolean => isIn(key, stretch) && Number(key.slice(-3)) > length;
  const fit = (key: string): Match | undefined => (key === own ? 'exact' : isInside(key) ? 'inside' : outer.fit(key));
  const addresses = (key: string): Match | undefined => (isIn(key, stretch) ? 'inside' : undefined);
  const name = spellPrefix(own);
  return {
    says: [`the prefix ${name}`],
    probes: [
      { column: 'prefix', stretches: [[own, own], ...outer.stretches, stretch], fit },
      { column: 'ipv6', stretches: [stretch], fit: addresses },
    ],
    subjects: [`prefix:${name}`],
  };
}

function beginningOfIpv6(text: string): Part | undefined {
  if (!/^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}:[0-9a-f]{0,4}$/.test(text)) return undefined;
  const groups = text.split(':');
  const last = groups.pop() ?? '';
  const head = groups.map((one) => one.padStart(4, '0')).join('');
  const stretches = (last === '' ? [['', '']] : groupsThatBegin(last)).map(
    ([from = '', to = '']) => [head + from, head + to] as const,
  );
  const fit = (key: string): Match | undefined =>
    stretches.some((one) => isLongIn(key, one)) ? 'beginning' : undefined;
  return {
    says: [`an IPv6 address or prefix that begins with ${text}`],
    probes: [
      { column: 'ipv6', stretches, fit },
      { column: 'prefix', stretches, fit },
    ],
  };
}

/** As `isIn`, of a key that has as many digits. */
function isLongIn(key: string, stretch: readonly [string, string]): boolean {
  const digits = key.indexOf('/') < 0 ? key.length : key.indexOf('/');
  return digits >= stretch[0].length && isIn(key, stretch);
}

/** The groups of which the text begins so, with and without leading zeros: db8 is 0db8 and db80 to db8f. */
function groupsThatBegin(digits: string): string[][] {
  if (digits.startsWith('0')) return [[digits.padEnd(4, '0'), digits.padEnd(4, 'f')]];
  return Array.from({ length: 5 - digits.length }, (_, more) => [
    `${digits}${'0'.repeat(more)}`.padStart(4, '0'),
    `${digits}${'f'.repeat(more)}`.padStart(4, '0'),
  ]);
}
