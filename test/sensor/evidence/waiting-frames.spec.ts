import fc from '../../support/property.js';
import { FramesInWaiting } from '../../../src/sensor/evidence/waiting-frames.js';
import { keptFrame, keptFrames } from './kept.js';

const settleMs = 5_000;
const waiting = (mostBytes = 1_000_000): FramesInWaiting => new FramesInWaiting(settleMs, mostBytes);
const counts = (frames: FramesInWaiting, now: number): [string, number][] =>
  frames.due(now, 100).map((one) => [one.violationId, one.frames.length]);

describe('frames on their way to the disk', () => {
  it('are due five seconds after the first of their violation', () => {
    const frames = waiting();
    frames.add(keptFrame('v0'), 0, 100);
    frames.add(keptFrame('v0', 2), 0, 4_000);
    expect(counts(frames, 100 + settleMs - 1)).toEqual([]);
    expect(counts(frames, 100 + settleMs)).toEqual([['v0', 2]]);
  });

  it('are due at once when ten are there, and no eleventh is taken', () => {
    const frames = waiting();
    for (const frame of keptFrames('v0', 12)) frames.add(frame, 0, 0);
    expect(counts(frames, 0)).toEqual([['v0', 10]]);
  });

  it('are due a second time only when those on disk and those that wait make ten', () => {
    const frames = waiting();
    for (const frame of keptFrames('v0', 6)) frames.add(frame, 3, 0);
    expect(counts(frames, 1_000_000)).toEqual([]);
    frames.add(keptFrame('v0', 7), 3, 0);
    expect(counts(frames, 0)).toEqual([['v0', 7]]);
    frames.drop('v0', 7, 0);
    frames.add(keptFrame('v0', 8), 10, 0);
    expect(frames.counts).toEqual({ waiting: 0, lost: 0 });
  });

  it('keep what came while the first were written, and count it behind those', () => {
    const frames = waiting();
    for (const frame of keptFrames('v0', 3)) frames.add(frame, 0, 0);
    const [written] = frames.due(settleMs, 1);
    expect(written?.frames).toHaveLength(3);
    for (const frame of keptFrames('v0', 9)) frames.add(frame, 0, settleMs);
    frames.drop('v0', 3, settleMs);
    expect(frames.due(settleMs, 1)).toMatchObject([{ violationId: 'v0', onDisk: 3, frames: { length: 7 } }]);
  });

  it('are of one link type in one file', () => {
    const frames = waiting();
    frames.add(keptFrame('v0'), 0, 0);
    frames.add(keptFrame('v0', 2, { linkType: 113 }), 0, 0);
    expect(frames.counts.waiting).toBe(1);
  });

  it('never take more memory than they may, whoever sends what, and count what they turned away', () => {
    const sent = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      size: fc.integer({ min: 1, max: 400 }),
      write: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 200 }), (list) => {
        const frames = waiting(1_000);
        list.forEach(({ id, size, write }, now) => {
          frames.add(keptFrame(id, 1, { bytes: new Uint8Array(size) }), 0, now);
          if (write) for (const one of frames.all()) frames.drop(one.violationId, one.frames.length, now);
          const bytes = frames.all().flatMap((one) => one.frames.map((frame) => 16 + frame.bytes.length));
          expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1_000);
        });
        for (const one of frames.all()) frames.drop(one.violationId, one.frames.length, 0);
        frames.add(keptFrame('z', 1, { bytes: new Uint8Array(984) }), 0, 0);
        expect(frames.counts.waiting).toBe(1);
      }),
    );
  });
});
