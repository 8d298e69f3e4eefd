import { formatMac, ipv4Number, macNumber, parseIp, parseIpv4, parseMac, wordsOf } from '../../../events/index.js';
import type { NeighbourEntry } from './switch.port.js';

export const begin = '# BEGIN portledger: written by it, edits in here are undone';
export const end = '# END portledger';

/** A line that says an entry: `neighbour 198.51.100.16 vlan16 52:54:00:00:00:16`, with ` vrf NAME` outside the default one. */
interface FileEntry extends NeighbourEntry {
  readonly vrf: string | undefined;
}

/** A file as it was read: what stands around our block stays byte for byte. */
export interface NeighbourFile {
  readonly before: string;
  readonly after: string;
  /** Entries in our block. */
  readonly ours: readonly FileEntry[];
  /** Entries outside of it. */
  readonly foreign: readonly FileEntry[];
}

/** Why a file cannot be read: the number of the line, and what is wrong with it. */
export class NeighbourFileError extends Error {}

const nameShape = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** The line of an entry from the bits of its values; undefined when one is not what its type says. */
export function lineOf(entry: NeighbourEntry, vrf: string | undefined): string | undefined {
  const { address, mac, interface: name } = entry;
  if (parseIp(address) !== address || parseMac(mac) !== mac || !nameShape.test(name)) return undefined;
  if (vrf !== undefined && !nameShape.test(vrf)) return undefined;
  return `neighbour ${address} ${name} ${formatMac(macNumber(mac))}${vrf === undefined ? '' : ` vrf ${vrf}`}`;
}

/** What a line says; undefined for any other line. */
export function readLine(line: string): FileEntry | undefined {
  const [kind, first, name = '', third, vrfWord, vrf, ...more] = line.split(' ');
  const [address, mac] = [parseIp(first), parseMac(third)];
  if (kind !== 'neighbour' || address === undefined || mac === undefined || !nameShape.test(name)) return undefined;
  if (more.length > 0 || (vrfWord !== undefined && (vrfWord !== 'vrf' || !nameShape.test(vrf ?? '')))) return undefined;
  return { interface: name, address, mac, vrf };
}

/** Throws a NeighbourFileError where our block is broken: a line in it that says no entry, or an end without a begin. */
export function readNeighbourFile(text: string): NeighbourFile {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith('# BEGIN portledger'));
  const to = lines.findIndex((line) => line.startsWith('# END portledger'));
  if (from < 0 && to < 0) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return { before: text + gap, after: '', ours: [], foreign: lines.flatMap((line) => readLine(line) ?? []) };
  }
  if (from < 0 || to < from)
    throw new NeighbourFileError(`line ${to < 0 ? from + 1 : to + 1} opens or ends our block alone`);
  const ours = lines.slice(from + 1, to).map((line, index) => {
    const entry = readLine(line);
    if (entry === undefined)
      throw new NeighbourFileError(`line ${from + index + 2} in our block says no entry: "${line}"`);
    return entry;
  });
  const outside = [...lines.slice(0, from), ...lines.slice(to + 1)];
  return {
    before: lines
      .slice(0, from)
      .map((line) => `${line}\n`)
      .join(''),
    after: lines.slice(to + 1).join('\n'),
    ours,
    foreign: outside.flatMap((line) => readLine(line) ?? []),
  };
}

/** The same entries give the same text, whatever order they came in. */
export function renderNeighbourFile(
  { before, after }: NeighbourFile,
  lines: Iterable<readonly [NeighbourEntry, string]>,
): string {
  const sorted = [...lines].sort(([one], [other]) => compare(one, other)).map(([, line]) => `${line}\n`);
  return `${before}${begin}\n${sorted.join('')}${end}\n${after}`;
}

/** By interface, numbers in it as numbers; then IPv4 before IPv6, each by its bits. */
function compare(one: NeighbourEntry, other: NeighbourEntry): number {
  return compareText(nameKey(one), nameKey(other)) || compareText(addressKey(one), addressKey(other));
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const nameKey = ({ interface: name }: NeighbourEntry): string =>
  `${name.replace(/\d+/g, (digits) => digits.padStart(10, '0'))} ${name}`;

function addressKey({ address }: NeighbourEntry): string {
  const hex = (bits: number): string => bits.toString(16).padStart(8, '0');
  return parseIpv4(address) === undefined ? `6${wordsOf(address).map(hex).join('')}` : `4${hex(ipv4Number(address))}`;
}
