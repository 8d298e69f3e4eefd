import { grown } from './grown.js';

/** A run of memory that rows are appended to. What stands in it is never changed, so that others may go on reading it. */
interface Page {
  readonly bytes: Uint8Array;
  /** Bytes in use, and how many of them belong to rows that still count. */
  used: number;
  live: number;
}

/** Everything a reader in another thread needs to find every row as it was when the image was taken. */
export interface HeapImage {
  /** Memory that may be shared between threads. */
  readonly pages: readonly (Uint8Array | undefined)[];
  readonly addresses: Uint32Array;
}

const firstPageBytes = 1 << 12;
const pageBytes = 1 << 18;
/** Rows start at multiples of eight bytes; an address counts in eights, a page holds at most 2^15 starts. */
const pageBits = 15;
/** Before each row: its slot and its length in bytes, four each. */
const headBytes = 8;
const none = 0xffffffff;

/**
 * Rows as bytes, by slot. A row that changes is appended anew; a page of which less than half still counts is emptied
 * into the current one. So an image needs no copy of the rows: whoever holds its pages keeps them as they are.
 */
export class RowHeap {
  private readonly pages: (Page | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly spare: Page[] = [];
  private addresses = new Uint32Array(16).fill(none);
  private current = -1;
  private images = 0;

  /** Keeps `length` bytes from `from` on as the row of this slot. */
  put(slot: number, bytes: Uint8Array, from: number, length: number): void {
    if (slot >= this.addresses.length) this.growTo(slot);
    this.drop(slot);
    const page = this.room(length);
    const start = page.used;
    writeWord(page.bytes, start, slot);
    writeWord(page.bytes, start + 4, length);
    // Rows are short: a loop is quicker than a call that copies.
    for (let index = 0; index < length; index++) page.bytes[start + headBytes + index] = bytes[from + index] ?? 0;
    this.settle(slot, page, length);
  }

  delete(slot: number): void {
    this.drop(slot);
    this.addresses[slot] = none;
  }

  has(slot: number): boolean {
    return (this.addresses[slot] ?? none) !== none;
  }

  /** The page that holds the row of this slot, which starts at `startOf(slot)`. */
  bytesOf(slot: number): Uint8Array {
    const address = this.addresses[slot] ?? none;
    const page = this.pages[address >>> pageBits];
    if (page === undefined)
      throw new RangeError(`Slot ${slot} holds no row; expected one that was put and not deleted.`);
    return page.bytes;
  }

  startOf(slot: number): number {
    return startAt(this.addresses[slot] ?? none);
  }

  lengthOf(slot: number): number {
    return readWord(this.bytesOf(slot), this.startOf(slot) - 4);
  }

  /** Every row as it is now, for as long as anybody reads it; `release` must be called once nobody does. */
  image(slots: number): HeapImage {
    this.images++;
    return { pages: this.pages.map((page) => page?.bytes), addresses: this.addresses.slice(0, slots) };
  }

  /** An image is read no more: memory that comes free may be used again. */
  release(): void {
    this.images--;
  }

  private growTo(slot: number): void {
    const before = this.addresses.length;
    this.addresses = grown(this.addresses, slot + 1);
    this.addresses.fill(none, before);
  }

  private drop(slot: number): void {
    const address = this.addresses[slot] ?? none;
    if (address === none) return;
    const number = address >>> pageBits;
    const page = this.pages[number];
    if (page === undefined) return;
    page.live -= sizeOf(readWord(page.bytes, startAt(address) - 4));
    if (number === this.current || page.live * 2 >= page.used) return;
    this.addresses[slot] = none;
    this.empty(page, number);
  }

  /** Moves what still counts out of a page and gives the page up. */
  private empty(page: Page, number: number): void {
    for (let start = 0; start < page.used;) {
      const length = readWord(page.bytes, start + 4);
      const slot = readWord(page.bytes, start);
      if (this.addresses[slot] === addressOf(number, start)) this.move(slot, page.bytes, start, length);
      start += sizeOf(length);
    }
    this.pages[number] = undefined;
    this.free.push(number);
    if (this.images > 0 || page.bytes.length !== pageBytes) return;
    page.used = 0;
    page.live = 0;
    this.spare.push(page);
  }

  private move(slot: number, from: Uint8Array, start: number, length: number): void {
    const page = this.room(length);
    page.bytes.set(from.subarray(start, start + sizeOf(length)), page.used);
    this.settle(slot, page, length);
  }

  /** A row of this slot was written at the end of the current page. */
  private settle(slot: number, page: Page, length: number): void {
    this.addresses[slot] = addressOf(this.current, page.used);
    page.used += sizeOf(length);
    page.live += sizeOf(length);
  }

  /** The current page, with room for a row of this length. */
  private room(length: number): Page {
    const size = sizeOf(length);
    const full = this.pages[this.current];
    if (full === undefined) return this.open(size);
    if (full.used + size <= full.bytes.length) return full;
    if (full.live * 2 >= full.used) return this.open(size);
    // Rows that were replaced while theirs was the current page left it to be looked at now.
    const fullNumber = this.current;
    this.open(0);
    this.empty(full, fullNumber);
    return this.room(length);
  }

  /** Starts another current page: small ones first, for a small map; a row longer than a page gets one of its own. */
  private open(size: number): Page {
    const usual = Math.min(pageBytes, firstPageBytes * 2 ** this.pages.length);
    const page = size > usual ? newPage(size) : (this.spare.pop() ?? newPage(usual));
    this.current = this.free.pop() ?? this.pages.length;
    this.pages[this.current] = page;
    return page;
  }
}

function addressOf(page: number, start: number): number {
  return page * (1 << pageBits) + start / 8;
}

function newPage(bytes: number): Page {
  return { bytes: new Uint8Array(new SharedArrayBuffer(bytes)), used: 0, live: 0 };
}

/** Where the bytes of a row start in its page. */
export function startAt(address: number): number {
  return (address & ((1 << pageBits) - 1)) * 8 + headBytes;
}

/** The row at an address of an image: its page, or undefined where the slot holds none. */
export function pageAt({ pages }: HeapImage, address: number): Uint8Array | undefined {
  return address === none ? undefined : pages[address >>> pageBits];
}

export function lengthAt(page: Uint8Array, address: number): number {
  return readWord(page, startAt(address) - 4);
}

function sizeOf(length: number): number {
  return (headBytes + length + 7) & ~7;
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = (value >>> 16) & 255;
  bytes[at + 2] = (value >>> 8) & 255;
  bytes[at + 3] = value & 255;
}
