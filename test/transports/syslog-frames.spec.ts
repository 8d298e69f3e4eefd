import fc from '../support/property.js';
import { longestSyslogMessage, SyslogFrames } from '../../src/transports/syslog-frames.js';

function framesOf(chunks: readonly Buffer[]): { messages: string[]; tooLong: number } {
  const messages: string[] = [];
  let tooLong = 0;
  const frames = new SyslogFrames(
    (message) => messages.push(message.toString('utf8')),
    () => tooLong++,
  );
  for (const chunk of chunks) frames.push(chunk);
  return { messages, tooLong };
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe('a stream of syslog', () => {
  it('holds messages of both framings of RFC 6587, in any mixture and cut anywhere', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `<13>${text.replaceAll('\n', ' ')}`);
    const sent = fc.array(fc.record({ text: texts, isCounted: fc.boolean() }), { maxLength: 8 });
    fc.assert(
      fc.property(sent, fc.array(fc.nat(), { maxLength: 8 }), (messages, places) => {
        const stream = messages.map(({ text, isCounted }) => (isCounted ? counted(text) : `${text}\n`)).join('');
        expect(framesOf(cut(Buffer.from(stream), places)).messages).toEqual(messages.map(({ text }) => text));
      }),
    );
  });

  it('keeps a line feed inside a counted message, and passes over empty lines between messages', () => {
    expect(framesOf([Buffer.from(`${counted('<13>a\nb')}\n\n<13>c\n`)]).messages).toEqual(['<13>a\nb', '<13>c']);
  });

  it('skips a message longer than 8192 bytes in both framings, holds none of it, and goes on with the next', () => {
    const long = '<13>' + 'x'.repeat(longestSyslogMessage);
    for (const framed of [counted(long), `${long}\n`]) {
      const bytes = Buffer.from(`${framed}<13>next\n`);
      const chunks = Array.from({ length: Math.ceil(bytes.length / 1_000) }, (_, i) =>
        bytes.subarray(i * 1_000, i * 1_000 + 1_000),
      );
      expect(framesOf(chunks)).toEqual({ messages: ['<13>next'], tooLong: 1 });
    }
  });

  it('takes digits that are no count for a line that nobody understands', () => {
    expect(framesOf([Buffer.from('12345678 x\n99x\n<13>next\n')]).messages).toEqual(['<13>next']);
  });

  it('never holds more than one message and never throws, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        for (const message of framesOf(chunks.map((chunk) => Buffer.from(chunk))).messages)
          expect(Buffer.byteLength(message)).toBeLessThanOrEqual(3 * longestSyslogMessage);
      }),
    );
  });
});
