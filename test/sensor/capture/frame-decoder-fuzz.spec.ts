import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from '../../support/property.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import { CaptureReader } from '../../../src/sensor/capture/capture.reader.js';
import { ownCaptures } from './capture-files.js';
import { captured, hexBytes } from './frames.js';

const runs = { numRuns: 20_000 };
const kept = realFrames();

/** Decodes the frame in the middle of a larger buffer, once for each filling of the bytes around it. */
function decodesWithoutItsSurroundings(frame: Uint8Array): void {
  const decodedAmong = (filling: number): unknown => {
    const bytes = new Uint8Array(frame.length + 128).fill(filling);
    bytes.set(frame, 64);
    return decodeFrame({ ...captured(bytes), start: 64, end: 64 + frame.length });
  };
  const alone = decodeFrame(captured(frame));
  // Not expect(): a hundred thousand of them take ten times as long.
  for (const filling of [0x00, 0x01, 0xff]) {
    if (isDeepStrictEqual(decodedAmong(filling), alone)) continue;
    throw new Error(`bytes of ${filling} around the frame change what is decoded: ${JSON.stringify(alone)}`);
  }
}

describe('the frame decoder, whatever the bytes', () => {
  it('knows real frames to mutate', () => {
    expect(kept.length).toBeGreaterThan(50);
  });

  it('neither throws nor looks outside the frame for random bytes behind an ARP, IPv6 or tagged header', () => {
    const header = fc.constantFrom(
      '',
      '0806',
      '86dd',
      '81000010 0806',
      '81000010 86dd',
      '8100',
      '86dd 60000000 0020 3aff',
    );
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 120 }), (start, rest) => {
        const addresses = start === '' ? '' : 'ffffffffffff 525400000016';
        decodesWithoutItsSurroundings(Buffer.concat([hexBytes(addresses + start), rest]));
      }),
      runs,
    );
  });

  it('neither throws nor looks outside the frame for real frames with changed bytes and any length', () => {
    const change = fc.tuple(fc.nat(130), fc.nat(255));
    fc.assert(
      fc.property(
        fc.nat(kept.length - 1),
        fc.array(change, { maxLength: 4 }),
        fc.nat(130),
        (which, changes, length) => {
          const frame = Uint8Array.from(kept[which] ?? []);
          for (const [at, value] of changes) if (at < frame.length) frame[at] = value;
          decodesWithoutItsSurroundings(frame);
          decodesWithoutItsSurroundings(frame.subarray(0, length));
        },
      ),
      runs,
    );
  });

  it('reads every capture with changed bytes to an end or to a named error', () => {
    const files = captureNames().map((name) => readFileSync(join(ownCaptures, name)));
    const change = fc.tuple(fc.nat(5000), fc.nat(255));
    fc.assert(
      fc.property(fc.nat(files.length - 1), fc.array(change, { minLength: 1, maxLength: 6 }), (which, changes) => {
        const file = Buffer.from(files[which] ?? []);
        for (const [at, value] of changes) file[at % file.length] = value;
        const reader = new CaptureReader('mutated.pcap');
        try {
          for (const frame of reader.feed(file)) {
            expect(frame.end).toBeLessThanOrEqual(file.length);
            decodeFrame(frame);
          }
          reader.end();
        } catch (error) {
          expect(error).toMatchObject({ name: 'CaptureError' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function captureNames(): string[] {
  return readdirSync(ownCaptures).filter((name) => /\.pcap(ng)?$/.test(name));
}

function realFrames(): Uint8Array[] {
  return captureNames().flatMap((name) => {
    const frames = [...new CaptureReader(name).feed(readFileSync(join(ownCaptures, name)))];
    const known = frames.filter((frame) => decodeFrame(frame) !== undefined);
    return known.map((frame) => frame.bytes.slice(frame.start, frame.end));
  });
}
