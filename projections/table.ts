import type { EventType } from '../events/index.js';
import { hashOfText } from './packing/hashes.js';
import type { Packing } from './packing/packing.js';
import { type HeapImage, RowHeap } from './packing/row-heap.js';
import { RowReader } from './packing/row-reader.js';
import { RowWriter } from './packing/row-writer.js';
import { SlotLists } from './packing/slot-lists.js';
import type { EventsOf, Projection } from './projection.js';

/** Told of every row that changed, by its slot; `after` is undefined when the row went away. */
export type RowChanged<Row> = (slot: number, before: Row | undefined, after: Row | undefined, key: string) => void;

/**
 * The rows of one projection, packed: a row is an object only while somebody looks at it.
 * A row keeps its slot, a small whole number, for as long as it is there.
 * Indexes hang on `onChange`, so what a row no longer says is released by itself.
 */
export class Table<Row, Type extends EventType> {
  private readonly heap = new RowHeap();
  private readonly slots = new SlotLists();
  private readonly free: number[] = [];
  private readonly reader = new RowReader();
  private readonly writer = new RowWriter();
  /** Slots ever given out. */
  private given = 0;
  /** Events often come in runs about one row: the one looked at last is kept as it is, and packed when the run is over. */
  private lastSlot = -1;
  private lastKey = '';
  private lastRow: Row | undefined;
  private isUnpacked = false;

  constructor(
    private readonly projection: Projection<Row, Type>,
    private readonly packing: Packing<Row>,
    private readonly onChange: RowChanged<Row> = () => {},
  ) {}

  /** Folds one event; true when a row changed. */
  fold(event: EventsOf<Type>): boolean {
    const key = this.projection.key(event);
    const found = this.slotOf(key);
    const before = found < 0 ? undefined : this.at(found);
    const after = this.projection.evolve(before, event);
    if (after === before) return false;
    const slot = found < 0 ? this.takeSlot(hashOfText(key)) : found;
    if (after === undefined) this.remove(slot, key);
    else this.put(slot, key, after);
    this.onChange(slot, before, after, key);
    return true;
  }

  get(key: string): Row | undefined {
    const slot = this.slotOf(key);
    return slot < 0 ? undefined : this.at(slot);
  }

  get size(): number {
    return this.given - this.free.length;
  }

  *values(): IterableIterator<Row> {
    for (let slot = 0; slot < this.given; slot++) if (this.has(slot)) yield this.at(slot);
  }

  /** Every key, in no order. */
  *keys(): IterableIterator<string> {
    for (let slot = 0; slot < this.given; slot++) if (this.has(slot)) yield this.keyAt(slot);
  }

  /** The slot of the row with this key; -1 when there is none. */
  slotOf(key: string): number {
    if (this.lastSlot >= 0 && this.lastKey === key) return this.lastSlot;
    let slot = this.slots.first(hashOfText(key));
    while (slot >= 0 && !this.startReading(slot).isText(key)) slot = this.slots.after(slot);
    return slot;
  }

  /** The row in a slot that is in use. */
  at(slot: number): Row {
    if (slot === this.lastSlot && this.lastRow !== undefined) return this.lastRow;
    const reader = this.startReading(slot);
    const key = reader.text();
    const row = this.packing.unpack(key, reader);
    this.lastSlot = slot;
    this.lastKey = key;
    this.lastRow = row;
    return row;
  }

  keyAt(slot: number): string {
    return slot === this.lastSlot ? this.lastKey : this.startReading(slot).text();
  }

  /** All rows as they are now; `releaseImage` must be called once nobody reads them any more. */
  image(): HeapImage {
    this.packLast();
    return this.heap.image(this.given);
  }

  releaseImage(): void {
    this.heap.release();
  }

  /** Takes in a row that an image gave, with its key, as its bytes; returns its slot. Nobody is told of a change. */
  restore(bytes: Uint8Array, from: number, length: number): number {
    this.reader.start(bytes, from);
    const slot = this.takeSlot(hashOfText(this.reader.text()));
    this.reader.end();
    this.heap.put(slot, bytes, from, length);
    return slot;
  }

  private put(slot: number, key: string, row: Row): void {
    if (slot !== this.lastSlot) this.packLast();
    this.lastSlot = slot;
    this.lastKey = key;
    this.lastRow = row;
    this.isUnpacked = true;
  }

  private packLast(): void {
    if (!this.isUnpacked || this.lastRow === undefined) return;
    const { writer } = this;
    writer.start();
    writer.text(this.lastKey);
    this.packing.pack(this.lastRow, writer);
    this.heap.put(this.lastSlot, writer.bytes, 0, writer.length);
    this.isUnpacked = false;
  }

  private has(slot: number): boolean {
    return slot === this.lastSlot || this.heap.has(slot);
  }

  private remove(slot: number, key: string): void {
    if (slot !== this.lastSlot) this.packLast();
    if (this.heap.has(slot)) this.heap.delete(slot);
    this.slots.remove(hashOfText(key), slot);
    this.free.push(slot);
    this.lastSlot = -1;
    this.isUnpacked = false;
  }

  private takeSlot(hash: number): number {
    const slot = this.free.pop() ?? this.given++;
    this.slots.add(hash, slot);
    return slot;
  }

  private startReading(slot: number): RowReader {
    this.packLast();
    this.reader.start(this.heap.bytesOf(slot), this.heap.startOf(slot));
    return this.reader;
  }
}
