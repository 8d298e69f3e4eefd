import { CaptureError } from './capture.error.js';
import type { CaptureRecord } from './capture-record.js';
import { type Container, LONGEST_FRAME } from './container.js';
import { microseconds, type PcapngClock, pcapngClock, setPcapngTime } from './pcapng-time.js';

/** The first four bytes of a pcapng file, the same in both byte orders. */
export const PCAPNG_MAGIC = 0x0a0d0d0a;

const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const LEAST_BLOCK = 12;
const SECTION_BLOCK = 28;
/** A block that is read is kept whole until then; those that are not read may have any length. */
const LONGEST_BLOCK = 1 << 20;
const MOST_INTERFACES = 65_536;

interface PcapngInterface {
  readonly linkType: number;
  /** 0: no limit. */
  readonly snapLength: number;
  readonly clock: PcapngClock;
}

/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of either byte order, several interfaces, enhanced, simple and obsolete
 * packet blocks. Other blocks are skipped; the length of every block is checked against the one at its end.
 */
export class PcapngContainer implements Container {
  readonly expects = `a pcapng section header of ${SECTION_BLOCK}`;
  started = false;
  filled = false;
  private littleEndian = true;
  private interfaces: PcapngInterface[] = [];
  /** Length of the block being skipped, whose trailer comes next; 0 for none. */
  private skipped = 0;

  get midway(): boolean {
    return this.skipped > 0;
  }

  /** @param capture file name, or a name for the live capture: errors start with it */
  constructor(private readonly capture: string) {}

  step(view: DataView, at: number, atByte: number, record: CaptureRecord): number {
    this.filled = false;
    const there = view.byteLength - at;
    if (this.skipped > 0) {
      if (there < 4) return -4;
      this.checkTrailer(view, at, this.skipped, atByte + 4 - this.skipped);
      this.skipped = 0;
      return at + 4;
    }
    if (there < LEAST_BLOCK) return -LEAST_BLOCK;
    const isSection = view.getUint32(at) === PCAPNG_MAGIC;
    if (!isSection && !this.started) throw this.damaged(atByte, 'does not begin with a section header');
    if (isSection) this.readByteOrder(view, at, atByte);
    const { littleEndian } = this;
    const type = view.getUint32(at, littleEndian);
    const length = view.getUint32(at + 4, littleEndian);
    if (length < LEAST_BLOCK || length % 4 !== 0)
      throw this.damaged(atByte, `has a block of ${length} bytes, expected a multiple of 4 from ${LEAST_BLOCK} on`);
    const isPacket = type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;
    if (!isSection && !isPacket && type !== INTERFACE) {
      this.skipped = length;
      return at + length - 4;
    }
    if (length > LONGEST_BLOCK) {
      const finding = `has a block of ${length} bytes, expected at most ${LONGEST_BLOCK}`;
      throw this.damaged(atByte, finding, 'oversized-record');
    }
    if (there < length) return -length;
    const end = at + length;
    this.checkTrailer(view, end - 4, length, atByte);
    if (isSection) this.readSection(view, at, length, atByte);
    else if (type === INTERFACE) this.readInterface(view, at, length, atByte);
    else this.readPacket(type, view, at, length, atByte, record);
    return end;
  }

  private readByteOrder(view: DataView, at: number, atByte: number): void {
    if (view.getUint32(at + 8, true) === BYTE_ORDER) this.littleEndian = true;
    else if (view.getUint32(at + 8, false) === BYTE_ORDER) this.littleEndian = false;
    else throw this.damaged(atByte, 'has a section header without its byte-order magic');
  }

  /** The interfaces of one section mean nothing in the next. The section's own length is not needed. */
  private readSection(view: DataView, at: number, length: number, atByte: number): void {
    if (length < SECTION_BLOCK) throw this.damaged(atByte, `has a section header of ${length} bytes`);
    const major = view.getUint16(at + 12, this.littleEndian);
    if (major !== 1) {
      const finding = `has a section of pcapng version ${major} at byte ${atByte}, expected 1: convert it with \`editcap -F pcap IN OUT\``;
      throw new CaptureError(this.capture, 'version', finding);
    }
    this.interfaces = [];
    this.started = true;
  }

  private readInterface(view: DataView, at: number, length: number, atByte: number): void {
    if (length < 20) throw this.damaged(atByte, `has an interface block of ${length} bytes`);
    if (this.interfaces.length >= MOST_INTERFACES)
      throw this.damaged(atByte, `has more than ${MOST_INTERFACES} interfaces`);
    const { littleEndian } = this;
    let resolution: number | undefined;
    let offset = 0;
    this.eachOption(view, at + 16, at + length - 4, (code, value, size) => {
      if (code === 9 && size === 1) resolution = view.getUint8(value);
      if (code === 14 && size === 8) offset = Number(view.getBigInt64(value, littleEndian));
    });
    const clock = resolution === undefined && offset === 0 ? microseconds : pcapngClock(resolution ?? 6, offset);
    const linkType = view.getUint16(at + 8, littleEndian);
    this.interfaces.push({ linkType, snapLength: view.getUint32(at + 12, littleEndian), clock });
  }

  private readPacket(
    type: number,
    view: DataView,
    at: number,
    length: number,
    atByte: number,
    record: CaptureRecord,
  ): void {
    const { littleEndian } = this;
    const isSimple = type === SIMPLE_PACKET;
    const fixed = isSimple ? 12 : 28;
    const room = length - fixed - 4;
    if (room < 0) throw this.damaged(atByte, `has a packet block of ${length} bytes`);
    const id = isSimple
      ? 0
      : type === ENHANCED_PACKET
        ? view.getUint32(at + 8, littleEndian)
        : view.getUint16(at + 8, littleEndian);
    const from = this.interfaces[id];
    if (from === undefined)
      throw this.damaged(atByte, `has a packet of interface ${id}, but its section has ${this.interfaces.length}`);
    const original = view.getUint32(at + fixed - 4, littleEndian);
    const snapLength = from.snapLength === 0 ? LONGEST_FRAME : from.snapLength;
    const captured = isSimple ? Math.min(original, snapLength, room) : view.getUint32(at + 20, littleEndian);
    if (captured > room || captured > LONGEST_FRAME)
      throw this.damaged(
        atByte,
        `says that the frame has ${captured} bytes in a block of ${length}`,
        'oversized-record',
      );
    record.seconds = 0;
    record.nanoseconds = 0;
    if (!isSimple)
      setPcapngTime(from.clock, view.getUint32(at + 12, littleEndian), view.getUint32(at + 16, littleEndian), record);
    record.start = at + fixed;
    record.end = at + fixed + captured;
    record.originalLength = original;
    record.linkType = from.linkType;
    record.outgoing = false;
    const options = record.start + ((captured + 3) & ~3);
    if (!isSimple && options < at + length - 4) record.outgoing = this.isOutgoing(view, options, at + length - 4);
    this.filled = true;
  }

  /** Option 2 of packets: the two lowest bits are 1 for received, 2 for sent. */
  private isOutgoing(view: DataView, from: number, end: number): boolean {
    let flags = 0;
    this.eachOption(view, from, end, (code, value, size) => {
      if (code === 2 && size === 4) flags = view.getUint32(value, this.littleEndian);
    });
    return (flags & 3) === 2;
  }

  /** Options that do not fit their block end the list: they are of no use to us, and the frame is there. */
  private eachOption(
    view: DataView,
    from: number,
    end: number,
    take: (code: number, value: number, size: number) => void,
  ): void {
    for (let at = from; at + 4 <= end;) {
      const code = view.getUint16(at, this.littleEndian);
      const size = view.getUint16(at + 2, this.littleEndian);
      if (code === 0 || at + 4 + size > end) return;
      take(code, at + 4, size);
      at += 4 + ((size + 3) & ~3);
    }
  }

  private checkTrailer(view: DataView, at: number, length: number, atByte: number): void {
    const again = view.getUint32(at, this.littleEndian);
    if (again !== length)
      throw this.damaged(atByte, `has a block of ${length} bytes that ends with the length ${again}`);
  }

  private damaged(atByte: number, what: string, fault: 'damaged' | 'oversized-record' = 'damaged'): CaptureError {
    return new CaptureError(this.capture, fault, `${what} (at byte ${atByte}): the file is damaged there`);
  }
}
