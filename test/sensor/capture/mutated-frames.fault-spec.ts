import { isDeepStrictEqual } from 'node:util';
import { spellOut } from '../../../src/sensor/capture/frame-decoder.js';
import { FrameFields, frameKinds } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { COOKED_V1, COOKED_V2, ETHERNET, RAW_IP, RAW_IPV4, RAW_IPV6 } from '../../../src/sensor/capture/link-type.js';
import { ndOptions } from '../../../src/sensor/capture/nd-options.js';
import { realdata } from './capture-files.js';
import { hexBytes } from './frames.js';
import { chance, mutated, neighbourFrames } from './mutations.js';

const before = 64;
const longest = 2_048;
const time = { seconds: 1, nanoseconds: 2 };

/** What the frame says over another link layer: the header is written from the Ethernet header, its payload stays. */
function over(linkType: number, frame: Uint8Array): Uint8Array {
  const source = frame.subarray(6, 12);
  const etherType = frame.subarray(12, 14);
  const payload = frame.subarray(14);
  switch (linkType) {
    case COOKED_V1:
      return Buffer.concat([hexBytes('0000 0001 0006'), source, hexBytes('0000'), etherType, payload]);
    case COOKED_V2:
      return Buffer.concat([etherType, hexBytes('0000 00000002 0001 00 06'), source, hexBytes('0000'), payload]);
    case ETHERNET:
      return frame;
    default:
      return payload;
  }
}

/** Offsets and how many bytes each points at; a message of which nothing is there begins at the end. */
const offsets = [
  ['etherDestination', 6],
  ['etherSource', 6],
  ['firstTag', 2],
  ['network', 0],
  ['claimMac', 6],
  ['targetMac', 6],
] as const;

function pointsOutside(fields: FrameFields): string | undefined {
  const { start, end, addressBytes, messageEnd } = fields;
  const isOutside = (at: number, length: number): boolean => at !== -1 && (at < start || at + length > end);
  const outside = offsets.find(([name, length]) => isOutside(fields[name], length))?.[0];
  if (outside !== undefined) return outside;
  if (messageEnd > end) return 'messageEnd';
  return (['sender', 'target', 'destination'] as const).find((name) => isOutside(fields[name], addressBytes));
}

describe('a million damaged frames', () => {
  const data = realdata();
  if ('missing' in data) console.log(`${data.missing}; the frames of our own captures are damaged instead`);
  const frames = neighbourFrames();

  it.each([
    ['Ethernet', ETHERNET, 500_000],
    ['Linux cooked v1', COOKED_V1, 150_000],
    ['Linux cooked v2', COOKED_V2, 150_000],
    ['raw IP', RAW_IP, 100_000],
    ['raw IPv4', RAW_IPV4, 50_000],
    ['raw IPv6', RAW_IPV6, 50_000],
  ])(
    'over %s are read without a throw, pointing nowhere outside, whatever stands around them',
    (_n, linkType, count) => {
      const random = chance(linkType);
      const real = frames.map((frame) => over(linkType, frame));
      const among = [new Uint8Array(longest).fill(0x00), new Uint8Array(longest).fill(0xff)] as const;
      const [fields, again] = [new FrameFields(), new FrameFields()];
      const kinds = new Set<number>();
      for (let run = 0; run < count; run++) {
        const frame = mutated(
          real[random(real.length)] ?? new Uint8Array(0),
          real[random(real.length)] ?? new Uint8Array(0),
          random,
        ).subarray(0, longest - 2 * before);
        const end = before + frame.length;
        for (const buffer of among) buffer.set(frame, before);
        const isRead = readFrame(among[0], before, end, linkType, fields);
        const isReadAgain = readFrame(among[1], before, end, linkType, again);
        kinds.add(fields.kind);
        const told = (): string => `frame ${run} (${linkType}): ${Buffer.from(frame).toString('hex')}`;
        // Not expect(): a million of them take minutes.
        if (isRead !== isReadAgain || !isSame(fields, again)) throw new Error(`what stands around counts in ${told()}`);
        const outside = pointsOutside(fields);
        if (outside !== undefined) throw new Error(`${outside} points outside in ${told()}`);
        if (isRead && run % 4 === 0) {
          const words = [spellOut(among[0], fields, run, time), ndOptions(among[0], fields)];
          if (!isDeepStrictEqual(words, [spellOut(among[1], again, run, time), ndOptions(among[1], again)]))
            throw new Error(`words differ: ${told()}`);
        }
        among[0].fill(0x00, before, end);
        among[1].fill(0xff, before, end);
      }
      // Damage that leaves nothing to read would prove nothing: raw IP carries ND alone.
      const readable =
        linkType === ETHERNET || linkType === COOKED_V1 || linkType === COOKED_V2 ? frameKinds.length : 5;
      expect(kinds.size).toBeGreaterThanOrEqual(readable);
    },
  );
});

const numbersOf = Object.keys(new FrameFields()) as (keyof FrameFields)[];

function isSame(left: FrameFields, right: FrameFields): boolean {
  for (const name of numbersOf) if (left[name] !== right[name]) return false;
  return true;
}
