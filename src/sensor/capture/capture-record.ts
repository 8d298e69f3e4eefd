import { ETHERNET } from './link-type.js';

/**
 * One captured frame, filled in place: the reader has one of these and moves it from frame to frame, so that reading
 * costs no memory. `bytes[start]` to `bytes[end - 1]` is the frame; nothing is copied.
 */
export class CaptureRecord {
  /** Counts from 1 in its capture, every frame. */
  number = 0;
  /** Since 1970-01-01T00:00:00Z; zero where the capture has no times (simple packets of pcapng). */
  seconds = 0;
  /** 0 to 999,999,999. */
  nanoseconds = 0;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Length on the wire; more than `end - start` where the capture cut the frame. */
  originalLength = 0;
  /** LINKTYPE of the interface it was captured at. */
  linkType = ETHERNET;
  /** True where the capture says that this box sent it (flags of pcapng). */
  outgoing = false;
}
