/** Longest message that is kept, in bytes (RFC 5424 section 6.1: receivers should take 2048). */
export const longestSyslogMessage = 8_192;

const lineFeed = 0x0a;
const space = 0x20;
const digits = { zero: 0x30, one: 0x31, nine: 0x39 } as const;
const mostCountDigits = 6;

/**
 * Cuts a TCP stream of syslog into messages, with both framings of RFC 6587, told apart message by message: octet counting
 * (section 3.4.1) begins with a digit other than 0, anything else ends at a line feed (section 3.4.2).
 * Holds at most one message; a longer one is skipped. Bytes that are neither count as a message that nobody understands.
 */
export class SyslogFrames {
  private pending: Buffer = Buffer.alloc(0);
  /** Bytes of a counted message too long to keep, still to come. */
  private skip = 0;
  private skipsLine = false;

  constructor(
    private readonly onMessage: (message: Buffer) => void,
    private readonly onTooLong: () => void = () => undefined,
  ) {}

  push(chunk: Buffer): void {
    let rest = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    this.pending = Buffer.alloc(0);
    while (rest.length > 0) {
      const taken = this.take(rest);
      if (taken === 0) {
        this.pending = Buffer.from(rest);
        return;
      }
      rest = rest.subarray(taken);
    }
  }

  /** Bytes that are done with; 0 when more must come first. */
  private take(bytes: Buffer): number {
    if (this.skip > 0) {
      const taken = Math.min(this.skip, bytes.length);
      this.skip -= taken;
      return taken;
    }
    const first = bytes[0] ?? 0;
    if (this.skipsLine || first < digits.one || first > digits.nine) return this.takeLine(bytes);
    return this.takeCounted(bytes);
  }

  private takeLine(bytes: Buffer): number {
    const end = bytes.indexOf(lineFeed);
    const length = end < 0 ? bytes.length : end;
    if (!this.skipsLine && length > longestSyslogMessage) {
      this.skipsLine = true;
      this.onTooLong();
    }
    if (end < 0) return this.skipsLine ? bytes.length : 0;
    if (!this.skipsLine && end > 0) this.onMessage(bytes.subarray(0, end));
    this.skipsLine = false;
    return end + 1;
  }

  private takeCounted(bytes: Buffer): number {
    let end = 0;
    while (end < bytes.length && end <= mostCountDigits && isDigit(bytes[end])) end++;
    if (end === bytes.length && end <= mostCountDigits) return 0;
    if (bytes[end] !== space || end > mostCountDigits) {
      this.skipsLine = true; // no count after all: whatever it is ends at a line feed, and nobody reads it
      return this.takeLine(bytes);
    }
    const length = Number(bytes.toString('latin1', 0, end));
    if (length > longestSyslogMessage) {
      this.skip = length;
      this.onTooLong();
      return end + 1;
    }
    const whole = end + 1 + length;
    if (bytes.length < whole) return 0;
    this.onMessage(bytes.subarray(end + 1, whole));
    return whole;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= digits.zero && byte <= digits.nine;
}
