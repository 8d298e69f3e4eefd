import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../../support/property.js';
import { CaptureReader } from '../../../src/sensor/capture/capture.reader.js';
import { grownPcapFile, linkTypeOf, pcapFile } from '../../../src/sensor/evidence/pcap-file.js';
import { tempDirectory } from '../../support/temp-directory.js';
import { keptFrame, keptFrames } from './kept.js';

const directory = tempDirectory();
const tcpdump = spawnSync('tcpdump', ['--version'], { encoding: 'utf8' });
const where = tcpdump.error === undefined ? it : it.skip;

/** The frames of a file as another reader sees them. */
function readBack(file: Buffer): { seconds: number; nanoseconds: number; hex: string; originalLength: number }[] {
  const reader = new CaptureReader('kept');
  const frames = [];
  reader.push(file);
  while (reader.nextRecord()) {
    const { seconds, nanoseconds, bytes, start, end, originalLength } = reader.record;
    const hex = Buffer.from(bytes.subarray(start, end)).toString('hex');
    frames.push({ seconds, nanoseconds, hex, originalLength });
  }
  expect(reader.end().truncated).toBeUndefined();
  return frames;
}

const anyFrame = fc
  .record({
    seconds: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 2000 }),
    cut: fc.integer({ min: 0, max: 9000 }),
  })
  .map(({ seconds, nanoseconds, bytes, cut }) =>
    keptFrame('v0', 1, { time: { seconds, nanoseconds }, bytes, originalLength: bytes.length + cut }),
  );

describe('a pcap file of kept frames', () => {
  it('gives every frame back as it was captured, to the nanosecond, also those it grew by', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { minLength: 1 }), fc.array(anyFrame), (first, more) => {
        const file = grownPcapFile(pcapFile(1, first), more);
        const expected = [...first, ...more].map(({ time, bytes, originalLength }) => ({
          ...time,
          hex: Buffer.from(bytes).toString('hex'),
          originalLength,
        }));
        expect(readBack(file)).toEqual(expected);
      }),
    );
  });

  it('says with which link type its frames were captured', () => {
    expect(linkTypeOf(pcapFile(113, [keptFrame('v0')]))).toBe(113);
  });

  where('is read by tcpdump', () => {
    const path = join(directory, 'kept.pcap');
    writeFileSync(path, pcapFile(1, keptFrames('v0', 3)));
    const { stdout, status } = spawnSync('tcpdump', ['-n', '-r', path, '--time-stamp-precision=nano'], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/\.123456789 ARP, Reply 198\.51\.100\.16 is-at 52:54:00:00:00:66/);
  });
});
