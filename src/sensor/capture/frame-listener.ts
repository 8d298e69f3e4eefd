import type { CaptureState } from './capture-handlers.js';
import type { CapturePlace } from './capture-source.js';
import type { DecodedFrame } from './decoded-frame.js';
import { spellOut } from './frame-decoder.js';
import { FrameStream } from './frame-stream.js';
import { TcpdumpReader, type TcpdumpOptions } from './tcpdump.reader.js';

export interface FrameListenerOptions extends Omit<TcpdumpOptions, 'onBegin' | 'onPiece'> {
  /** ARP and ND frames, malformed ones included; numbers restart at 1 with each run of tcpdump. */
  readonly onFrame: (frame: DecodedFrame) => void;
  readonly onState: (state: CaptureState) => void;
}

/** A live capture that reads its own bytes, for whoever wants frames in words and has no worker for them. */
export function listenForFrames(place: CapturePlace, { onFrame, ...options }: FrameListenerOptions): TcpdumpReader {
  const stream = new FrameStream('live capture', (fields, { bytes, number, seconds, nanoseconds }) =>
    onFrame(spellOut(bytes, fields, number, { seconds, nanoseconds })),
  );
  return new TcpdumpReader(place, {
    ...options,
    onBegin: (capture) => stream.begin(capture),
    onPiece: (piece) => stream.push(piece),
  });
}
