import { parseIp, parseMac } from '../../../events/index.js';
import type { ActualNeighbour } from './switch.port.js';

interface NeighbourRow {
  readonly dst?: unknown;
  readonly dev?: unknown;
  readonly lladdr?: unknown;
  readonly state?: unknown;
  readonly protocol?: unknown;
}

/** The permanent entry of a row of `ip -j neigh show`; iproute2 shows a protocol without a name as its number. */
function entryOf(row: NeighbourRow, protocol: string): ActualNeighbour | undefined {
  const address = parseIp(row.dst);
  const mac = parseMac(row.lladdr);
  if (address === undefined || mac === undefined || typeof row.dev !== 'string') return undefined;
  if (!Array.isArray(row.state) || !row.state.includes('PERMANENT')) return undefined;
  return { interface: row.dev, address, mac, ours: row.protocol === protocol };
}

/**
 * The permanent entry of one line of `ip neigh get`, which iproute2 6 prints as text whatever it is asked for:
 * `fe80::16 dev vlan16 lladdr 52:54:00:00:00:16 PERMANENT proto 155`.
 */
export function permanentNeighbourOf(line: string, protocol: number): ActualNeighbour | undefined {
  const words = line.trim().split(/\s+/);
  const after = (name: string): string | undefined => {
    const place = words.indexOf(name, 1);
    return place < 0 ? undefined : words[place + 1];
  };
  const state = words.includes('PERMANENT', 1) ? ['PERMANENT'] : [];
  const row = { dst: words[0], dev: after('dev'), lladdr: after('lladdr'), state, protocol: after('proto') };
  return entryOf(row, String(protocol));
}

/** Where a row ends and the next begins: no text inside a row holds this, for a quote in a text is written \". */
const border = Buffer.from('},{"dst":"');
const opening = border.length - 2;
/** Of an answer with fewer bytes than this nothing is kept: it is parsed anew as fast. */
const small = 4_096;

interface Kept {
  readonly text: Buffer;
  /** Offset of the opening brace of each row. */
  readonly starts: Uint32Array;
  /** For each row its entry; undefined where it is no permanent one, or none of our concern. */
  readonly rows: readonly (ActualNeighbour | undefined)[];
  readonly entries: readonly ActualNeighbour[];
}

/**
 * Reads answers of `ip -j neigh show` one after another. Most of an answer is, byte for byte, the one before: only the
 * rows between the first and the last difference are parsed, and an equal answer gives the same list once more.
 */
export class NeighbourReading {
  private kept: Kept | undefined;
  private readonly protocol: string;

  /** @param concerns the interfaces whose entries are given */
  constructor(
    protocol: number,
    private readonly concerns: ReadonlySet<string>,
  ) {
    this.protocol = String(protocol);
  }

  /** The permanent entries on the interfaces that concern us; throws a SyntaxError where the text is no JSON. */
  read(text: Buffer): readonly ActualNeighbour[] {
    if (this.kept?.text.equals(text) === true) return this.kept.entries;
    this.kept = (this.kept && this.changed(this.kept, text)) ?? this.whole(text);
    const { entries } = this.kept;
    if (text.length < small) this.kept = undefined;
    return entries;
  }

  private whole(text: Buffer): Kept {
    const rows = this.parse(text.toString('utf8'));
    const starts = startsOf(text, 1);
    // Where rows cannot be told apart by their bytes, nothing is reused.
    return { text, starts: starts.length === rows.length ? starts : new Uint32Array(0), rows, entries: present(rows) };
  }

  /** The reading of an answer that differs from the last one in few rows; undefined where it had better be read whole. */
  private changed(last: Kept, text: Buffer): Kept | undefined {
    const { starts, rows } = last;
    if (starts.length === 0) return undefined;
    const same = commonStart(last.text, text);
    // Rows that end within the common start: the one after each begins there, border included.
    const head = Math.max(0, countWhere(starts, (start) => start + opening <= same) - 1);
    const from = starts[head] ?? 1;
    const shift = text.length - last.text.length;
    const sameEnd = commonEnd(last.text, text, Math.min(last.text.length, text.length) - from);
    const edge = last.text.length - sameEnd;
    const tail = countWhere(starts, (start) => start < edge + 2);
    if (tail >= rows.length || (tail - head) * 4 > rows.length) return undefined;
    const until = (starts[tail] ?? 0) + shift;
    if (until < from) return undefined;
    const middle = text.subarray(from, until);
    const comma = middle.length > 0 ? middle.length - 1 : 0;
    const fresh = this.parse(`[${middle.toString('utf8', 0, comma)}]`);
    const freshStarts = middle.length === 0 ? new Uint32Array(0) : startsOf(middle.subarray(0, comma), 0);
    if (freshStarts.length !== fresh.length) return undefined;
    const all = rows.slice(0, head).concat(fresh, rows.slice(tail));
    const merged = new Uint32Array(all.length);
    merged.set(starts.subarray(0, head));
    freshStarts.forEach((start, index) => (merged[head + index] = start + from));
    for (let index = tail; index < starts.length; index++)
      merged[head + fresh.length + index - tail] = (starts[index] ?? 0) + shift;
    return { text, starts: merged, rows: all, entries: present(all) };
  }

  private parse(json: string): (ActualNeighbour | undefined)[] {
    const rows = JSON.parse(json) as unknown;
    if (!Array.isArray(rows)) throw new SyntaxError('not a list of neighbours');
    return (rows as NeighbourRow[]).map((row) => {
      const isConcern = typeof row.dev === 'string' && this.concerns.has(row.dev);
      return isConcern ? entryOf(row, this.protocol) : undefined;
    });
  }
}

function present(rows: readonly (ActualNeighbour | undefined)[]): ActualNeighbour[] {
  return rows.filter((row) => row !== undefined);
}

/** The offset of the brace that opens each row; the first one stands at `first`. */
function startsOf(text: Buffer, first: number): Uint32Array {
  if (text[first] !== 0x7b) return new Uint32Array(0);
  const starts = [first];
  for (let at = text.indexOf(border, first); at >= 0; at = text.indexOf(border, at + opening)) starts.push(at + 2);
  return Uint32Array.from(starts);
}

/** How many bytes two texts begin with alike. */
function commonStart(one: Buffer, other: Buffer): number {
  let [same, differs] = [0, Math.min(one.length, other.length) + 1];
  while (differs - same > 1) {
    const middle = (same + differs) >>> 1;
    if (one.subarray(same, middle).equals(other.subarray(same, middle))) same = middle;
    else differs = middle;
  }
  return same;
}

/** How many bytes two texts end with alike, `most` at most. */
function commonEnd(one: Buffer, other: Buffer, most: number): number {
  let [same, differs] = [0, most + 1];
  const end = (text: Buffer, from: number, to: number): Buffer => text.subarray(text.length - to, text.length - from);
  while (differs - same > 1) {
    const middle = (same + differs) >>> 1;
    if (end(one, same, middle).equals(end(other, same, middle))) same = middle;
    else differs = middle;
  }
  return same;
}

/** How many of these ascending numbers, from the front, this holds for. */
function countWhere(ascending: Uint32Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ascending[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
