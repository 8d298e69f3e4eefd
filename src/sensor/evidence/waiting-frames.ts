import type { KeptFrame } from './kept-frame.js';
import { recordBytes } from './pcap-file.js';

/** So many frames of a violation are evidence; what comes later is only counted. */
export const framesOfEvidence = 10;

/** Frames of one violation that are not on disk yet, as they were when asked for. */
export interface WaitingFrames {
  readonly violationId: string;
  readonly frames: readonly KeptFrame[];
  /** How many of its frames are on disk already. */
  readonly onDisk: number;
}

interface Waiting {
  readonly frames: KeptFrame[];
  readonly onDisk: number;
  readonly since: number;
}

/**
 * Frames on their way to the disk, bounded by their bytes. A violation is due when its ten frames are there, or some
 * seconds after its first one; what has been written once is written again only when the ten are full. So a violation
 * costs two files at most, and a flood one.
 */
export class FramesInWaiting {
  private readonly waiting = new Map<string, Waiting>();
  private bytes = 0;
  private turnedAway = 0;

  /** @param settleMs how long the first frames of a violation wait for more; @param mostBytes what may wait altogether */
  constructor(
    private readonly settleMs: number,
    private readonly mostBytes: number,
  ) {}

  /** Frames that wait, and frames that found no room here and are lost as evidence. */
  get counts(): { readonly waiting: number; readonly lost: number } {
    let waiting = 0;
    for (const { frames } of this.waiting.values()) waiting += frames.length;
    return { waiting, lost: this.turnedAway };
  }

  /** `onDisk`: how many frames of its violation are on disk; `now`: ms of a clock that never runs back. */
  add(frame: KeptFrame, onDisk: number, now: number): void {
    const known = this.waiting.get(frame.violationId);
    const [before] = known?.frames ?? [];
    if ((known?.onDisk ?? onDisk) + (known?.frames.length ?? 0) >= framesOfEvidence) return;
    // One file has one link type: what another kind of capture heard of the same violation is only counted.
    if (before !== undefined && before.linkType !== frame.linkType) return;
    if (this.bytes + recordBytes(frame) > this.mostBytes) {
      this.turnedAway++;
      return;
    }
    this.bytes += recordBytes(frame);
    if (known === undefined) this.waiting.set(frame.violationId, { frames: [frame], onDisk, since: now });
    else known.frames.push(frame);
  }

  /** At most so many violations that are due at `now`, the ones that have waited longest first. */
  due(now: number, most: number): WaitingFrames[] {
    const found: WaitingFrames[] = [];
    for (const [violationId, { frames, onDisk, since }] of this.waiting) {
      if (found.length >= most) break;
      const isFull = onDisk + frames.length >= framesOfEvidence;
      if (isFull || (onDisk === 0 && now - since >= this.settleMs))
        found.push({ violationId, frames: [...frames], onDisk });
    }
    return found;
  }

  /** Everything that waits, due or not. */
  all(): WaitingFrames[] {
    return [...this.waiting].map(([violationId, { frames, onDisk }]) => ({ violationId, frames: [...frames], onDisk }));
  }

  /** How long the first frame of a violation has waited at `now`, ms; 0 when none waits. */
  waitedFor(violationId: string, now: number): number {
    return now - (this.waiting.get(violationId)?.since ?? now);
  }

  /** Lets go of the first `count` frames of a violation: they are on disk, or will never be. */
  drop(violationId: string, count: number, now: number): void {
    const known = this.waiting.get(violationId);
    if (known === undefined) return;
    this.waiting.delete(violationId);
    const gone = known.frames.slice(0, count);
    this.bytes -= gone.reduce((sum, frame) => sum + recordBytes(frame), 0);
    const rest = known.frames.slice(count);
    if (rest.length > 0)
      this.waiting.set(violationId, { frames: rest, onDisk: known.onDisk + gone.length, since: now });
  }
}
