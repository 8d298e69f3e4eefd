// Frames as the judge hands them over to be kept.
import type { KeptFrame } from '../../../src/sensor/evidence/kept-frame.js';
import { arp, ethernet } from '../capture/frames.js';

export const reply = ethernet(0x0806, arp(2, '525400000066', 'c6336410', '525400000011', 'c633640b'));

/** The nth frame of a violation, one second after the one before. */
export function keptFrame(violationId: string, n = 1, more: Partial<KeptFrame> = {}): KeptFrame {
  const time = { seconds: 1_790_000_000 + n, nanoseconds: 123_456_789 };
  return { violationId, sensor: 'leaf1-e66', time, bytes: reply, originalLength: reply.length, linkType: 1, ...more };
}

export const keptFrames = (violationId: string, count: number): KeptFrame[] =>
  Array.from({ length: count }, (_, index) => keptFrame(violationId, index + 1));
