/** When a frame was captured: since 1970-01-01T00:00:00Z, as the capture says. */
export interface CaptureTime {
  readonly seconds: number;
  /** 0 to 999,999,999; a multiple of 1000 in a microsecond capture. */
  readonly nanoseconds: number;
}

/** One frame as it lies in the buffer it arrived in: `bytes[start]` to `bytes[end - 1]`, nothing is copied. */
export interface CapturedFrame {
  /** Counts from 1 in its capture, every frame. */
  readonly number: number;
  readonly time: CaptureTime;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Length on the wire; more than `end - start` where the capture cut the frame. */
  readonly originalLength: number;
  /** LINKTYPE of the capture; Ethernet where absent. */
  readonly linkType?: number;
  /** True where the capture says that this box sent it. */
  readonly outgoing?: boolean;
}

/** The last second of the year 9999, after which RFC 3339 has no spelling. */
const LAST_SECOND = 253_402_300_799;

/**
 * RFC 3339 in UTC with nine digits of fraction, so that nothing the capture said is lost; seconds since 1970 where a
 * capture claims a time outside of the years 1970 to 9999.
 */
export function formatCaptureTime(time: CaptureTime): string {
  const fraction = time.nanoseconds.toString().padStart(9, '0');
  if (!(time.seconds >= 0 && time.seconds <= LAST_SECOND)) return `${time.seconds}.${fraction}`;
  const whole = new Date(time.seconds * 1000).toISOString();
  return `${whole.slice(0, 19)}.${fraction}Z`;
}

/** Milliseconds since 1970, the fraction of a millisecond kept as far as a double carries it. */
export function captureMillis(time: CaptureTime): number {
  return time.seconds * 1000 + time.nanoseconds / 1e6;
}
