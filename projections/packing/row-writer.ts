import type { Stamp } from '../register.js';
import { grown } from './grown.js';

/** Times are kept from the year 0 on, the first one that an instant can name. */
export const firstTime = -62_167_219_200_000;
const twoTo32 = 0x100000000;

/** Writes one row after another as bytes; what was written stands in `bytes` up to `length`. */
export class RowWriter {
  bytes = new Uint8Array(1024);
  length = 0;
  private last: Stamp | undefined;

  start(): void {
    this.length = 0;
    this.last = undefined;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.bytes = grown(this.bytes, this.length + 1);
    this.bytes[this.length++] = value;
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  whole(value: number): void {
    let rest = value;
    while (rest >= 0x80000000) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    for (; rest >= 128; rest >>>= 7) this.byte((rest & 127) | 128);
    this.byte(rest);
  }

  /** A whole number of 32 bits without a sign, in four bytes. */
  word(value: number): void {
    this.byte(value >>> 24);
    this.byte((value >>> 16) & 255);
    this.byte((value >>> 8) & 255);
    this.byte(value & 255);
  }

  /** A whole number of 48 bits, in six bytes. */
  sixBytes(value: number): void {
    const high = Math.floor(value / twoTo32);
    this.byte(high >>> 8);
    this.byte(high & 255);
    this.word(value % twoTo32);
  }

  /** An ordinal, or -1 for none. */
  ordinal(value: number): void {
    this.whole(value + 1);
  }

  /** Milliseconds since 1970, from the year 0 to 9999. */
  time(millis: number): void {
    const since = millis - firstTime;
    this.byte(Math.floor(since / twoTo32 / 65_536));
    this.sixBytes(since % (twoTo32 * 65_536));
  }

  /** A stamp; one equal to the stamp before it takes one byte, for an event often writes several registers. */
  stamp(stamp: Stamp): void {
    const same = this.last?.ordinal === stamp.ordinal && this.last.time === stamp.time;
    this.flag(same);
    if (same) return;
    this.last = stamp;
    this.time(stamp.time);
    this.ordinal(stamp.ordinal);
  }

  /** Any text: one byte a character where all are below 256, else two. */
  text(text: string): void {
    let isNarrow = true;
    for (let index = 0; isNarrow && index < text.length; index++) isNarrow = text.charCodeAt(index) < 256;
    this.whole(text.length * 2 + (isNarrow ? 0 : 1));
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (!isNarrow) this.byte(code >>> 8);
      this.byte(code & 255);
    }
  }
}
