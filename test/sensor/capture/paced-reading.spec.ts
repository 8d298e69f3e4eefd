import { jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { PacedReading } from '../../../src/sensor/capture/paced-reading.js';
import { until } from '../judge/sensor-rig.js';

function reading(everyMs: number): { stream: PassThrough; pieces: string[]; paced: PacedReading } {
  const stream = new PassThrough();
  const pieces: string[] = [];
  const paced = new PacedReading(stream, everyMs, (piece) => pieces.push(Buffer.from(piece).toString()));
  return { stream, pieces, paced };
}

/** Each by itself, with time for whoever reads at once. */
async function writeEach(stream: PassThrough, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    stream.write(text);
    for (let turn = 0; turn < 3; turn++) await breathe();
  }
}

describe('a paced reading', () => {
  it('takes at once what comes after a silence, and then everything that came meanwhile', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const { stream, pieces } = reading(5);
      await writeEach(stream, ['a', 'b', 'c']);
      expect(pieces).toEqual(['a']);
      jest.advanceTimersByTime(4);
      await writeEach(stream, ['d']);
      expect(pieces).toEqual(['a']);
      jest.advanceTimersByTime(1);
      expect(pieces).toEqual(['a', 'bcd']);
      jest.advanceTimersByTime(5);
      await writeEach(stream, ['e']);
      expect(pieces).toEqual(['a', 'bcd', 'e']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('takes nothing while it pauses, and everything afterwards', async () => {
    const { stream, pieces, paced } = reading(1);
    paced.pause();
    await writeEach(stream, ['a', 'b']);
    expect(pieces).toEqual([]);
    paced.resume();
    await until('all is read', () => pieces.join('') === 'ab');
  });

  it('reads to the end of a stream that ended while it rested', async () => {
    const { stream, pieces } = reading(50);
    let isOver = false;
    stream.once('end', () => (isOver = true));
    await writeEach(stream, ['a', 'b']);
    stream.end('c');
    await until('the stream is over', () => isOver);
    expect(pieces.join('')).toBe('abc');
  });
});
