import type { Stamp } from '../register.js';
import { grown } from './grown.js';

/** Times are kept from the year 0 on, the first one that an instant can name. */
export const firstTime = -62_167_219_200_000;
/** The bytes a number or time needs at most. */
const mostBytes = 10;

/** Writes one row after another as bytes; what was written stands in `bytes` up to `length`. */
export class RowWriter {
  bytes = new Uint8Array(1024);
  length = 0;
  private stampTime = Number.NaN;
  private stampOrdinal = -1;

  start(): void {
    this.length = 0;
    this.stampTime = Number.NaN;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  whole(value: number): void {
    this.reserve(mostBytes);
    const { bytes } = this;
    let { length } = this;
    let rest = value;
    for (; rest >= 0x80000000; rest = Math.floor(rest / 128)) bytes[length++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) bytes[length++] = (rest & 127) | 128;
    bytes[length++] = rest;
    this.length = length;
  }

  /** An ordinal, or -1 for none. */
  ordinal(value: number): void {
    this.whole(value + 1);
  }

  /** Milliseconds since 1970, from the year 0 to 9999, in seven bytes. */
  time(millis: number): void {
    this.reserve(mostBytes);
    const { bytes, length } = this;
    const since = millis - firstTime;
    const high = Math.floor(since / 0x100000000);
    const low = since - high * 0x100000000;
    bytes[length] = high >>> 16;
    bytes[length + 1] = (high >>> 8) & 255;
    bytes[length + 2] = high & 255;
    bytes[length + 3] = low >>> 24;
    bytes[length + 4] = (low >>> 16) & 255;
    bytes[length + 5] = (low >>> 8) & 255;
    bytes[length + 6] = low & 255;
    this.length = length + 7;
  }

  /** A stamp; one equal to the stamp before it takes one byte, for an event often writes several registers. */
  stamp({ time, ordinal }: Stamp): void {
    const isSame = time === this.stampTime && ordinal === this.stampOrdinal;
    this.flag(isSame);
    if (isSame) return;
    this.stampTime = time;
    this.stampOrdinal = ordinal;
    this.time(time);
    this.ordinal(ordinal);
  }

  /** Any text: one byte a character where all are below 256, else two. */
  text(text: string): void {
    this.whole(text.length * 2);
    this.reserve(text.length);
    const { bytes, length } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 255) return this.wide(text, length);
      bytes[length + index] = code;
    }
    this.length = length + text.length;
  }

  /** Begins again at the text's length, which was written just before `start`. */
  private wide(text: string, start: number): void {
    this.length = start - bytesOfWhole(text.length * 2);
    this.whole(text.length * 2 + 1);
    this.reserve(text.length * 2);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      this.bytes[this.length++] = code >>> 8;
      this.bytes[this.length++] = code & 255;
    }
  }

  /** Bytes as they are, their number in front. */
  run(bytes: Uint8Array, from: number, length: number): void {
    this.whole(length);
    this.reserve(length);
    this.bytes.set(bytes.subarray(from, from + length), this.length);
    this.length += length;
  }

  /** A copy of what was written since the last time; the writer begins anew. */
  taken(): Uint8Array {
    const copy = this.bytes.slice(0, this.length);
    this.length = 0;
    return copy;
  }

  private reserve(more: number): void {
    if (this.length + more > this.bytes.length) this.bytes = grown(this.bytes, this.length + more);
  }
}

function bytesOfWhole(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
