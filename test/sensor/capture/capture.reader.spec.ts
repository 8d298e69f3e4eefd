import fc from '../../support/property.js';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { type CapturedFrame, formatCaptureTime } from '../../../src/sensor/capture/captured-frame.js';
import { CaptureReader } from '../../../src/sensor/capture/capture.reader.js';
import { LONGEST_FRAME } from '../../../src/sensor/capture/container.js';
import { arp, ethernet, hexBytes, pcapOf } from './frames.js';

const frames = [
  ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401')),
  Buffer.alloc(0),
  Buffer.alloc(1500, 7),
  ethernet(0x0806, arp(2, '525400000001', 'c6336401', '525400000016', 'c6336410')),
];

const contents = (frame: CapturedFrame): string =>
  Buffer.from(frame.bytes.subarray(frame.start, frame.end)).toString('hex');

function readAll(pieces: readonly Uint8Array[]): { frames: CapturedFrame[]; reader: CaptureReader; error?: unknown } {
  const reader = new CaptureReader('test.pcap');
  const read: CapturedFrame[] = [];
  try {
    for (const piece of pieces) for (const frame of reader.feed(piece)) read.push(frame);
  } catch (error) {
    return { frames: read, reader, error };
  }
  return { frames: read, reader };
}

const faultOf = (file: Uint8Array): unknown => readAll([file]).error;

describe('a pcap reader', () => {
  it.each([
    ['little-endian microseconds', { littleEndian: true }, '1970-01-01T00:00:02.250000000Z'],
    ['big-endian microseconds', { littleEndian: false }, '1970-01-01T00:00:02.250000000Z'],
    ['little-endian nanoseconds', { littleEndian: true, nanoseconds: true }, '1970-01-01T00:00:02.000250000Z'],
    ['big-endian nanoseconds', { littleEndian: false, nanoseconds: true }, '1970-01-01T00:00:02.000250000Z'],
  ])('reads %s', (_name, shape, secondTime) => {
    const { frames: read, reader } = readAll([pcapOf(frames, shape)]);
    expect(read.map(contents)).toEqual(frames.map((frame) => frame.toString('hex')));
    expect(read.map((frame) => frame.number)).toEqual([1, 2, 3, 4]);
    expect(formatCaptureTime(read[1]?.time ?? { seconds: 0, nanoseconds: 0 })).toBe(secondTime);
    expect(reader.end()).toEqual({ frames: 4, bytes: pcapOf(frames, shape).length });
  });

  it('gives the same frames however the bytes are cut into pieces', () => {
    const file = pcapOf(frames);
    const whole = readAll([file]).frames.map((frame) => [frame.number, frame.time, contents(frame)]);
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), { maxLength: 40 }), (cuts) => {
        const at = [0, ...cuts.sort((left, right) => left - right), file.length];
        const pieces = at.slice(1).map((end, index) => file.subarray(at[index], end));
        const { frames: read } = readAll(pieces);
        expect(read.map((frame) => [frame.number, frame.time, contents(frame)])).toEqual(whole);
      }),
      { numRuns: 300 },
    );
    const single = readAll(Array.from(file, (_, index) => file.subarray(index, index + 1)));
    expect(single.frames.map((frame) => [frame.number, frame.time, contents(frame)])).toEqual(whole);
  });

  it('gives the whole frames before the place where a file stops, and says where that is', () => {
    const file = pcapOf(frames);
    const fourth = file.length - 16 - (frames[3]?.length ?? 0);
    const inFrame = readAll([file.subarray(0, file.length - 5)]);
    expect(inFrame.frames).toHaveLength(3);
    expect(inFrame.reader.end().truncated).toEqual({ frame: 4, atByte: fourth, missingBytes: 5 });
    const inRecordHeader = readAll([file.subarray(0, fourth + 3)]);
    expect(inRecordHeader.frames).toHaveLength(3);
    expect(inRecordHeader.reader.end().truncated).toEqual({ frame: 4, atByte: fourth, missingBytes: 13 });
  });

  it('refuses a record longer than any capture makes, after the frames before it', () => {
    const file = pcapOf(frames);
    file.writeUInt32LE(LONGEST_FRAME + 1, file.length - (frames[3]?.length ?? 0) - 8);
    const { frames: read, error } = readAll([file.subarray(0, 900), file.subarray(900)]);
    expect(read).toHaveLength(3);
    expect(error).toMatchObject({ fault: 'oversized-record' });
    const at = file.length - (frames[3]?.length ?? 0) - 16;
    expect((error as Error).message).toContain(`record 4 at byte ${at} that the frame has 262145 bytes`);
  });

  it('reads the longest frame there may be', () => {
    expect(readAll([pcapOf([Buffer.alloc(LONGEST_FRAME)])]).frames).toHaveLength(1);
  });

  it('names what it cannot read and the cure', () => {
    expect(faultOf(hexBytes('1f8b0800'))).toMatchObject({ fault: 'unknown-format' });
    expect(faultOf(Buffer.from('not a capture'))).toMatchObject({ fault: 'unknown-format' });
    const version = pcapOf(frames);
    version.writeUInt16LE(3, 4);
    expect(faultOf(version)).toMatchObject({ fault: 'version' });
  });

  it('calls a capture without a whole file header empty', () => {
    for (const length of [0, 3, 23]) {
      const { reader, error } = readAll([pcapOf([]).subarray(0, length)]);
      expect(error).toBeUndefined();
      expect(() => reader.end()).toThrow(CaptureError);
      expect(() => reader.end()).toThrow(`has ${length} bytes`);
    }
  });

  it('takes a fraction that runs over a whole second into the seconds', () => {
    const file = pcapOf([Buffer.alloc(1)]);
    file.writeUInt32LE(3_000_001, 28);
    expect(readAll([file]).frames[0]?.time).toEqual({ seconds: 4, nanoseconds: 1000 });
  });
});
