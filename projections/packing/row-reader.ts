import type { Stamp } from '../register.js';
import { firstTime } from './row-writer.js';

const nothing = new Uint8Array(0);

/** Reads back what a RowWriter wrote, in the same order. */
export class RowReader {
  private bytes: Uint8Array = nothing;
  private at = 0;
  /** The stamp that `passStamp` met last. */
  stampTime = 0.5;
  stampOrdinal = -1;

  start(bytes: Uint8Array, from: number): void {
    this.bytes = bytes;
    this.at = from;
  }

  /** Lets go of what was read, so that it is not kept in memory for this reader's sake. */
  end(): void {
    this.bytes = nothing;
  }

  /** The place of the next byte. */
  get position(): number {
    return this.at;
  }

  /** Passes over bytes; returns where they start. */
  skip(length: number): number {
    const start = this.at;
    this.at += length;
    if (this.at > this.bytes.length)
      throw new RangeError(`Bytes end at ${this.bytes.length}; expected ${this.at} or more.`);
    return start;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  flag(): boolean {
    return this.byte() !== 0;
  }

  whole(): number {
    const first = this.byte();
    if (first < 128) return first;
    let value = first & 127;
    for (let unit = 128; ; unit *= 128) {
      const next = this.byte();
      value += (next & 127) * unit;
      if (next < 128) return value;
    }
  }

  ordinal(): number {
    return this.whole() - 1;
  }

  time(): number {
    const { bytes, at } = this;
    this.at += 7;
    const high = ((bytes[at] ?? 0) << 16) | pair(bytes, at + 1);
    const low = ((pair(bytes, at + 3) << 16) | pair(bytes, at + 5)) >>> 0;
    return high * 0x100000000 + low + firstTime;
  }

  /** Reads a stamp into `stampTime` and `stampOrdinal`: most of them go into a register and need no object of their own. */
  passStamp(): void {
    if (this.flag()) return;
    this.stampTime = this.time();
    this.stampOrdinal = this.ordinal();
  }

  stamp(): Stamp {
    this.passStamp();
    return { time: this.stampTime, ordinal: this.stampOrdinal };
  }

  text(): string {
    const head = this.whole();
    const length = Math.floor(head / 2);
    return head % 2 === 0 ? this.narrow(length) : this.wide(length);
  }

  /** Passes over a text. */
  skipText(): void {
    const head = this.whole();
    this.at += head % 2 === 0 ? head / 2 : head - 1;
  }

  /** Passes over a text, and says whether it is this one, without making it. */
  isText(text: string): boolean {
    const head = this.whole();
    const { bytes, at } = this;
    this.at += head % 2 === 0 ? head / 2 : head - 1;
    if (Math.floor(head / 2) !== text.length) return false;
    for (let index = 0; index < text.length; index++) {
      const code = head % 2 === 0 ? bytes[at + index] : pair(bytes, at + 2 * index);
      if (code !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Eight characters at a time: a text made of single ones would be a chain of pieces. */
  private narrow(length: number): string {
    const { bytes } = this;
    let at = this.at;
    this.at += length;
    let text = '';
    let left = length;
    for (; left >= 8; left -= 8, at += 8)
      text += String.fromCharCode(
        bytes[at] ?? 0,
        bytes[at + 1] ?? 0,
        bytes[at + 2] ?? 0,
        bytes[at + 3] ?? 0,
        bytes[at + 4] ?? 0,
        bytes[at + 5] ?? 0,
        bytes[at + 6] ?? 0,
        bytes[at + 7] ?? 0,
      );
    for (; left >= 3; left -= 3, at += 3)
      text += String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
    for (; left > 0; left--, at++) text += String.fromCharCode(bytes[at] ?? 0);
    return text;
  }

  private wide(length: number): string {
    let text = '';
    for (let index = 0; index < length; index++, this.at += 2) text += String.fromCharCode(pair(this.bytes, this.at));
    return text;
  }
}

function pair(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
