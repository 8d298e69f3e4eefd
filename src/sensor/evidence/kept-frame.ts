import type { CaptureTime } from '../capture/captured-frame.js';

/** A frame that shows a violation, as it was captured: one of the first of its violation. */
export interface KeptFrame {
  readonly violationId: string;
  readonly sensor: string;
  readonly time: CaptureTime;
  /** The captured bytes, a copy of their own. */
  readonly bytes: Uint8Array;
  /** Length on the wire; more than `bytes.length` where the capture cut the frame. */
  readonly originalLength: number;
  /** LINKTYPE of the capture: 1 is Ethernet. */
  readonly linkType: number;
}
