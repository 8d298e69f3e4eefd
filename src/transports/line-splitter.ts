/** Cuts a byte stream into lines without copying a long line more than once. */
export class LineSplitter {
  private pending: Buffer[] = [];

  constructor(private readonly onLine: (line: Buffer) => void) {}

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.pending.push(chunk.subarray(start, end));
      const line = this.pending.length === 1 ? (this.pending[0] ?? Buffer.alloc(0)) : Buffer.concat(this.pending);
      this.pending = [];
      start = end + 1;
      this.onLine(line);
    }
    if (start < chunk.length) this.pending.push(chunk.subarray(start));
  }
}
