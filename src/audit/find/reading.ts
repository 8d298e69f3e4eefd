import {
  formatMac,
  formatIpv4,
  parsePort,
  type Ipv6Address,
  type Ipv6Words,
  ipv4Number,
  parseAnyIpv6,
  parseIpv4,
  wordsOf,
} from '../../../events/index.js';
import { filled, hex8, hexOfWords, masked, prefixDigits, prefixKey, spellPrefix } from './keys.js';
import type { ColumnName } from './names-of.js';
import { beginsHere } from './words.js';

/** Why a name was found, the best first: it is what was asked, it contains that, begins so, lies in that, or a word of it begins so. */
export const matches = ['exact', 'around', 'beginning', 'inside', 'within'] as const;
export type Match = (typeof matches)[number];

/** One meaning of a text, as a look into one column of names. */
export interface Probe {
  readonly column: ColumnName;
  /** Everything that fits lies in one of these stretches of the column's order; both ends in lower case. */
  readonly stretches: readonly (readonly [low: string, high: string])[];
  /** True where also the inner words of names are looked at. */
  readonly isWithin?: boolean;
  /** How a key fits; undefined when it does not. */
  fit(key: string): Match | undefined;
}

export interface Reading {
  /** The text without space around it. */
  readonly text: string;
  /** What the text may be, in words for a person. */
  readonly says: readonly string[];
  readonly probes: readonly Probe[];
  /** The event with this ordinal, or this id. */
  readonly ordinal?: number;
  readonly eventId?: string;
  /** A whole IPv6 address, in its one spelling. */
  readonly ipv6?: Ipv6Address;
  /** The same text as subjects that the log is asked about, where it is a whole name. */
  readonly subjects: readonly string[];
}

/** Longest text that is looked for. */
export const longestText = 200;

/** All that a text may mean: every notation of an address, a name, or the beginning of one. */
export function readText(raw: string): Reading {
  const text = raw.trim().replace(/\s+/g, ' ').toLowerCase();
  const readings = [
    readOrdinal(text),
    readId(text),
    readMac(text),
    readIpv4(text),
    readIpv6(text),
    readPort(text, raw),
  ];
  const found = [...readings.flatMap((one) => one ?? []), readName(text, raw.trim())];
  const { ordinal } = found.find((one) => one.ordinal !== undefined) ?? {};
  const { ipv6 } = found.find((one) => one.ipv6 !== undefined) ?? {};
  const { eventId } = found.find((one) => one.eventId !== undefined) ?? {};
  return {
    text: raw.trim(),
    says: found.flatMap((one) => one.says ?? []),
    probes: found.flatMap((one) => one.probes ?? []),
    subjects: found.flatMap((one) => one.subjects ?? []),
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}

type Part = Partial<Reading>;

function readOrdinal(text: string): Part | undefined {
  const [, digits] = /^#(\d{1,15})$/.exec(text) ?? [];
  return digits === undefined ? undefined : { says: [`the event #${Number(digits)}`], ordinal: Number(digits) };
}

function readId(text: string): Part | undefined {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return undefined;
  return { says: ['the id of an event or of a violation'], eventId: text };
}

const macForms = [
  /^(?:[0-9a-f]{2}[:\- ])*[0-9a-f]{0,2}$/,
  /^(?:[0-9a-f]{4}[.:-])*[0-9a-f]{0,4}$/,
  /^[0-9a-f]{6}[-:.][0-9a-f]{0,6}$/,
  /^[0-9a-f]+$/,
];

function readMac(text: string): Part | undefined {
  const digits = text.replace(/[:\-. ]/g, '');
  if (digits.length < 2 || digits.length > 12 || !macForms.some((form) => form.test(text))) return undefined;
  const isWhole = digits.length === 12;
  const mac = formatMac(Number.parseInt(digits.padEnd(12, '0'), 16));
  const spelt = isWhole ? mac : digits.replace(/(..)(?=.)/g, '$1:');
  return {
    says: [isWhole ? `the MAC ${mac}` : `a MAC that begins with or has ${spelt}`],
    probes: [
      {
        column: 'mac',
        stretches: [[digits, digits]],
        isWithin: digits.length >= 4,
        fit: (key) => (key === digits ? 'exact' : beginsHere('mac', key, digits)),
      },
    ],
    subjects: isWhole ? [`mac:${mac}`] : [],
  };
}

function readIpv4(text: string): Part | undefined {
  const mapped =
    /^\[?::ffff:([0-9.]+|[0-9a-f]{1,4}:[0-9a-f]{1,4})\]?$/.exec(text) && parseAnyIpv6(text.replace(/[[\]]/g, ''));
  if (mapped) return ofIpv4(wordsOf(mapped)[3]);
  const [, host = '', length, port] = /^([0-9.]+)(?:\/(\d{1,2})|:(\d{1,5}))?$/.exec(text) ?? [];
  const address = parseIpv4(host);
  if (address !== undefined && (length === undefined || length === '32')) return ofIpv4(ipv4Number(address));
  if (address !== undefined && Number(length) < 32) return insideIpv4(ipv4Number(address), Number(length));
  return length === undefined && port === undefined ? beginningOfIpv4(host) : undefined;
}

function ofIpv4(bits: number): Part {
  const [key, address] = [hex8(bits), formatIpv4(bits)];
  const fit = (other: string): Match | undefined => (other === key ? 'exact' : undefined);
  return {
    says: [`the IPv4 address ${address}`],
    probes: [{ column: 'ipv4', stretches: [[key, key]], fit }],
    subjects: [`ip:${address}`],
  };
}

function insideIpv4(bits: number, length: number): Part {
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  const network = (bits & mask) >>> 0;
  const stretch = [hex8(network), hex8(network | ~mask)] as const;
  return {
    says: [`addresses in ${formatIpv4(network)}/${length}`],
    probes: [{ column: 'ipv4', stretches: [stretch], fit: (key) => (isIn(key, stretch) ? 'inside' : undefined) }],
  };
}

function beginningOfIpv4(text: string): Part | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){0,2}\.\d{0,3}$/.test(text)) return undefined;
  const octets = text.split('.');
  const last = octets.pop() ?? '';
  if (octets.some((one) => Number(one) > 255 || (one.length > 1 && one.startsWith('0')))) return undefined;
  const head = octets.map((one) => Number(one).toString(16).padStart(2, '0')).join('');
  const endings = last === '' ? [[0, 255]] : octetsThatBegin(last);
  const stretches = endings.map(([from = 0, to = 0]) => [`${head}${hex2(from)}`, `${head}${hex2(to)}`] as const);
  if (stretches.length === 0) return undefined;
  const fit = (key: string): Match | undefined => (stretches.some((one) => isIn(key, one)) ? 'beginning' : undefined);
  return { says: [`an IPv4 address that begins with ${text}`], probes: [{ column: 'ipv4', stretches, fit }] };
}

const hex2 = (octet: number): string => octet.toString(16).padStart(2, '0');

/** The octets of which the decimal text begins so, as stretches: 2 is 2, 20 to 29, 200 to 255. */
function octetsThatBegin(digits: string): number[][] {
  if (digits === '0') return [[0, 0]];
  if (digits.startsWith('0')) return [];
  const value = Number(digits);
  const all = [
    [value, value],
    [value * 10, value * 10 + 9],
    [value * 100, value * 100 + 99],
  ];
  return all
    .slice(0, 4 - digits.length)
    .flatMap(([from = 0, to = 0]) => (from > 255 ? [] : [[from, Math.min(255, to)]]));
}

/** True when a key is not before the one end, and not after the other and all that begins so. */
function isIn(key: string, [low, high]: readonly [string, string]): boolean {
  return key.slice(0, low.length) >= low && key.slice(0, high.length) <= high;
}

function readIpv6(raw: string): Part | undefined {
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

/** A switch and an interface in their usual short forms: `leaf1 e16`, `leaf1:Eth16`, `leaf1 16`. */
function readPort(text: string, raw: string): Part | undefined {
  const [, name = '', letters = '', numbers = ''] =
    /^([a-z0-9][a-z0-9._-]*)(?: ?: ?| | ?\/ ?)([a-z][a-z-]*)? ?([0-9][0-9/.:]*)?$/.exec(text) ?? [];
  if (name === '' || (letters === '' && numbers === '')) return undefined;
  const fit = (key: string): Match | undefined => {
    const colon = key.indexOf(':');
    const [, word = '', rest = ''] = /^([a-z-]*)(.*)$/.exec(key.slice(colon + 1)) ?? [];
    if (key.slice(0, colon) !== name || !word.startsWith(letters)) return undefined;
    if (numbers !== '' && rest === numbers) return 'exact';
    return rest.startsWith(numbers) ? 'beginning' : undefined;
  };
  const port = parsePort(raw.trim());
  return {
    says: [`the port ${[letters, numbers].filter(Boolean).join(' ')} of the switch ${name}`],
    probes: [{ column: 'port', stretches: [[`${name}:${letters}`, `${name}:${letters}`]], fit }],
    subjects: port === undefined ? [] : [`port:${port}`],
  };
}

const named = ['server', 'customer', 'port', 'violation'] as const;

function readName(text: string, raw: string): Part {
  if (text === '' || text.startsWith('#')) return {};
  return {
    says: ['the name of a server, customer, port or violation, or a word in one'],
    probes: named.map((column) => ({
      column,
      stretches: [[text, text]],
      isWithin: true,
      fit: (key) => (key === text ? 'exact' : beginsHere(column, key, text)),
    })),
    subjects: /^[a-z0-9][a-z0-9._:-]*$/i.test(raw) ? [`server:${raw}`] : [],
  };
}
