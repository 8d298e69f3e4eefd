import { hashOfNameBytes } from './hashes.js';

const longLength = 255;
const newline = 10;

/** ASCII texts one after another in one array of bytes; each has its offset, and its first line serves as a name. */
export class TextHeap {
  private bytesOfTexts: Uint8Array;
  private used = 0;
  private discarded = 0;

  constructor(expectedBytes = 1024) {
    this.bytesOfTexts = new Uint8Array(expectedBytes);
  }

  get bytes(): number {
    return this.bytesOfTexts.byteLength;
  }

  /** True when so much of it is of texts discarded that a fresh one would be worth its making. */
  get isSparse(): boolean {
    return this.discarded > 65_536 && this.discarded * 2 > this.used;
  }

  /** Bytes of the texts that are not discarded. */
  get kept(): number {
    return this.used - this.discarded;
  }

  /** Keeps a text; returns its offset. */
  put(text: string): number {
    const head = text.length < longLength ? 1 : 5;
    this.makeRoom(head + text.length);
    const offset = this.used;
    const { bytesOfTexts: bytes } = this;
    if (head === 1) bytes[offset] = text.length;
    else {
      bytes[offset] = longLength;
      new DataView(bytes.buffer).setUint32(offset + 1, text.length);
    }
    for (let index = 0; index < text.length; index++) bytes[offset + head + index] = text.charCodeAt(index);
    this.used += head + text.length;
    return offset;
  }

  textAt(offset: number): string {
    const start = this.startOf(offset);
    const { bytesOfTexts: bytes } = this;
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, this.lengthAt(offset)).toString('latin1');
  }

  discard(offset: number): void {
    this.discarded += this.startOf(offset) - offset + this.lengthAt(offset);
  }

  /** True when the first line of the text at this offset is the name. */
  isNamed(offset: number, name: string): boolean {
    const start = this.startOf(offset);
    const { bytesOfTexts: bytes } = this;
    for (let index = 0; index < name.length; index++) if (bytes[start + index] !== name.charCodeAt(index)) return false;
    return bytes[start + name.length] === newline;
  }

  /** `hashOfName` of the first line of the text at this offset. */
  hashAt(offset: number): number {
    const start = this.startOf(offset);
    let end = start;
    while (this.bytesOfTexts[end] !== newline) end++;
    return hashOfNameBytes(this.bytesOfTexts, start, end);
  }

  private startOf(offset: number): number {
    return offset + (this.bytesOfTexts[offset] === longLength ? 5 : 1);
  }

  private lengthAt(offset: number): number {
    const length = this.bytesOfTexts[offset] ?? 0;
    return length === longLength ? new DataView(this.bytesOfTexts.buffer).getUint32(offset + 1) : length;
  }

  private makeRoom(length: number): void {
    const { bytesOfTexts: bytes, used } = this;
    if (used + length <= bytes.length) return;
    // An eighth more at a time: at a million servers half as much again would be most of what they need.
    const room = new Uint8Array(Math.max(used + length, used + (used >>> 3) + 1024));
    room.set(bytes.subarray(0, used));
    this.bytesOfTexts = room;
  }
}
