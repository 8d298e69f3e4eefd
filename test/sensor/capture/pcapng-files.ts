// pcapng files written block by block from draft-ietf-opsawg-pcapng, for the reader to be judged by.

/** Options of a block: code and value. */
export type Options = readonly (readonly [code: number, value: Uint8Array])[];

/** Writes the blocks of one byte order. */
export class PcapngWriter {
  constructor(private readonly littleEndian: boolean) {}

  words(...values: readonly number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, index) =>
      this.littleEndian ? bytes.writeUInt32LE(value, index * 4) : bytes.writeUInt32BE(value, index * 4),
    );
    return bytes;
  }

  halves(...values: readonly number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 2);
    values.forEach((value, index) =>
      this.littleEndian ? bytes.writeUInt16LE(value, index * 2) : bytes.writeUInt16BE(value, index * 2),
    );
    return bytes;
  }

  /** @param trailer the length at the block's end where it is not the right one */
  block(type: number, body: Uint8Array, trailer?: number): Buffer {
    const length = 12 + padded(body).length;
    return Buffer.concat([this.words(type, length), padded(body), this.words(trailer ?? length)]);
  }

  section(major = 1): Buffer {
    return this.block(
      0x0a0d0d0a,
      Buffer.concat([this.words(0x1a2b3c4d), this.halves(major, 0), this.words(0xffffffff, 0xffffffff)]),
    );
  }

  interface(linkType: number, options: Options = [], snapLength = 0): Buffer {
    return this.block(1, Buffer.concat([this.halves(linkType, 0), this.words(snapLength), this.options(options)]));
  }

  enhanced(id: number, time: bigint, frame: Uint8Array, options: Options = []): Buffer {
    const head = this.words(id, Number(time >> 32n), Number(time & 0xffffffffn), frame.length, frame.length);
    return this.block(6, Buffer.concat([head, padded(frame), this.options(options)]));
  }

  simple(originalLength: number, frame: Uint8Array): Buffer {
    return this.block(3, Buffer.concat([this.words(originalLength), frame]));
  }

  /** The packet block of before 2009: a 16-bit interface and a count of drops. */
  obsolete(id: number, time: bigint, frame: Uint8Array): Buffer {
    const head = [
      this.halves(id, 7),
      this.words(Number(time >> 32n), Number(time & 0xffffffffn), frame.length, frame.length),
    ];
    return this.block(2, Buffer.concat([...head, frame]));
  }

  private options(options: Options): Buffer {
    if (options.length === 0) return Buffer.alloc(0);
    const each = options.flatMap(([code, value]) => [this.halves(code, value.length), padded(value)]);
    return Buffer.concat([...each, this.halves(0, 0)]);
  }
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
