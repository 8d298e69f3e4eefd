import type { StoredEvent } from '../events/index.js';
import type { FrozenStream } from './frozen-streams.js';
import { type HeapImage, lengthAt, pageAt, startAt } from './packing/row-heap.js';
import { RowReader } from './packing/row-reader.js';
import { RowWriter } from './packing/row-writer.js';

/**
 * Everything a fold remembers, as it was when the image was taken: what the fold takes in afterwards does not show.
 * It can be sent to another thread, and holds no copy of the rows.
 */
export interface FoldImage {
  /** Of the last event folded; -1 before the first. */
  readonly ordinal: number;
  /** The rows of each table, in the order in which the map restores them. */
  readonly tables: readonly HeapImage[];
  /** By server and claim the ordinal by which a claim that waited came to hold. */
  readonly freed: ReadonlyMap<string, number>;
  readonly frozen: readonly FrozenStream[];
}

const pieceBytes = 1 << 16;
const stepRows = 256;

/**
 * An image as bytes, piece by piece: the same bytes for the same state, whatever history or layout in memory led to it.
 * Rows are sorted by their key, and every row says the same in the same bytes.
 */
export function* bytesOfImage({ ordinal, tables, freed, frozen }: FoldImage): Generator<Uint8Array> {
  const into = new RowWriter();
  into.ordinal(ordinal);
  for (const table of tables) yield* bytesOfTable(table, into);
  into.whole(freed.size);
  for (const [key, at] of [...freed].sort(byKey)) {
    into.text(key);
    into.ordinal(at);
  }
  into.whole(frozen.length);
  for (const { stream, reason, parked, held } of [...frozen].sort((a, b) => (a.stream < b.stream ? -1 : 1))) {
    for (const text of [stream, reason, spelt(parked)]) into.text(text);
    into.whole(held.length);
    for (const event of held) into.text(spelt(event));
  }
  yield into.taken();
}

function* bytesOfTable(table: HeapImage, into: RowWriter): Generator<Uint8Array> {
  const rows: [key: string, address: number][] = [];
  const reader = new RowReader();
  for (const address of table.addresses) {
    const page = pageAt(table, address);
    if (page === undefined) continue;
    reader.start(page, startAt(address));
    rows.push([reader.text(), address]);
  }
  into.whole(rows.length);
  for (const [, address] of rows.sort(byKey)) {
    const page = pageAt(table, address);
    if (page === undefined) continue;
    into.run(page, startAt(address), lengthAt(page, address));
    if (into.length >= pieceBytes) yield into.taken();
  }
}

function byKey([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An event as JSON, the names of its fields sorted: the same text for the same event, in whatever order a store spelt it. */
function spelt(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(spelt).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${spelt(inner)}`);
  return `{${fields.join(',')}}`;
}

/** What is restored takes these in, in the order of `FoldImage`. */
export interface Restorable {
  readonly tables: readonly { restore(bytes: Uint8Array, from: number, length: number): void }[];
  restoreFreed(key: string, at: number): void;
  restoreFrozen(frozen: FrozenStream): void;
}

/**
 * Reads the bytes of an image into an empty map, and stops after every few rows, so that others may have their turn;
 * returns the ordinal it stands at.
 * @throws RangeError when they do not end where the image ends, or are cut off: they are not what `bytesOfImage` gave
 */
export function* restoreImage(bytes: Uint8Array, into: Restorable): Generator<void, number> {
  const from = new RowReader();
  from.start(bytes, 0);
  const ordinal = from.ordinal();
  for (const table of into.tables)
    for (let left = from.whole(); left > 0; left--) {
      const length = from.whole();
      table.restore(bytes, from.skip(length), length);
      if (left % stepRows === 0) yield;
    }
  for (let left = from.whole(); left > 0; left--) into.restoreFreed(from.text(), from.ordinal());
  for (let left = from.whole(); left > 0; left--) into.restoreFrozen(frozenFrom(from));
  if (from.position !== bytes.length)
    throw new RangeError(
      `The image ends at byte ${from.position} of ${bytes.length}; expected the bytes of one image.`,
    );
  return ordinal;
}

function frozenFrom(from: RowReader): FrozenStream {
  const [stream, reason] = [from.text(), from.text()];
  const parked = eventIn(from.text());
  const held: StoredEvent[] = [];
  for (let left = from.whole(); left > 0; left--) held.push(eventIn(from.text()));
  return { stream, reason, parked, held };
}

function eventIn(text: string): StoredEvent {
  try {
    return JSON.parse(text) as StoredEvent;
  } catch (cause) {
    throw new RangeError('A held event of the image is cut off; expected the bytes of one image.', { cause });
  }
}
