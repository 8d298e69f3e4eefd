/** A frame and when it was captured, ms since 1970. */
export interface TimedFrame {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A classic pcap file, little endian, microseconds, Ethernet, as tcpdump would have written it of these frames. */
export function timedPcap(frames: readonly TimedFrame[]): Buffer {
  const words = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, index) => bytes.writeUInt32LE(value >>> 0, index * 4));
    return bytes;
  };
  const header = words(0xa1b2c3d4, 0x00040002, 0, 0, 262_144, 1);
  const records = frames.flatMap(({ at, bytes }) => [
    words(Math.floor(at / 1000), Math.round((at % 1000) * 1000), bytes.length, bytes.length),
    bytes,
  ]);
  return Buffer.concat([header, ...records]);
}
