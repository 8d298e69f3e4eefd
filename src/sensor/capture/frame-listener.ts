import type { CaptureState, PieceSource } from './capture-handlers.js';
import type { CaptureDirectory, CapturePlace } from './capture-source.js';
import type { DecodedFrame } from './decoded-frame.js';
import { spellOut } from './frame-decoder.js';
import { FrameStream } from './frame-stream.js';
import { openSource, type SourceOptions } from './open-source.js';

export interface FrameListenerOptions extends Omit<SourceOptions, 'onBegin' | 'onPiece'> {
  /** ARP and ND frames, malformed ones included; numbers restart at 1 with each run of tcpdump, each file. */
  readonly onFrame: (frame: DecodedFrame) => void;
  readonly onState: (state: CaptureState) => void;
}

/** A capture source that reads its own bytes, for whoever wants frames in words and has no worker for them. */
export function listenForFrames(
  place: CapturePlace | CaptureDirectory,
  { onFrame, ...options }: FrameListenerOptions,
): PieceSource {
  const stream = new FrameStream('live capture', (fields, { bytes, number, seconds, nanoseconds }) =>
    onFrame(spellOut(bytes, fields, number, { seconds, nanoseconds })),
  );
  return openSource(place, {
    ...options,
    onBegin: (capture) => stream.begin(capture),
    onPiece: (piece) => stream.push(piece),
  });
}
