import { formatIpv4, ipv4Number, parseAnyIpv6, parseIpv4, wordsOf } from '../../../events/index.js';
import { hex8 } from './keys.js';
import { isIn, type Match, type Part } from './probe.js';

/** An IPv4 address, also as an IPv6 address that maps it (RFC 4291 section 2.5.5.2), a network, or the beginning of one. */
export function readIpv4(text: string): Part | undefined {
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
