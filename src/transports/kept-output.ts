import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { O_RDWR, O_CREAT, O_EXCL, O_APPEND } = constants;
let count = 0;

/** A file without a name that a program prints into, emptied whenever it is read: it holds one answer at most. */
export class KeptOutput {
  readonly file: number;
  private isOpen = true;

  constructor() {
    const path = join(tmpdir(), `portledger-${process.pid}-${++count}-${process.hrtime.bigint()}`);
    this.file = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0o600);
    unlinkSync(path); // whatever becomes of us, nothing is left behind
  }

  /** All that was printed since the last time. */
  drain(): Buffer {
    if (!this.isOpen) return Buffer.alloc(0);
    const { size } = fstatSync(this.file);
    if (size === 0) return Buffer.alloc(0);
    const text = Buffer.allocUnsafeSlow(size);
    let read = 0;
    while (read < size) {
      const got = readSync(this.file, text, read, size - read, read);
      if (got === 0) break;
      read += got;
    }
    ftruncateSync(this.file, 0);
    return text.subarray(0, read);
  }

  close(): void {
    if (this.isOpen) closeSync(this.file);
    this.isOpen = false;
  }
}
