export type CaptureFault =
  'empty' | 'unknown-format' | 'version' | 'link-type' | 'oversized-record' | 'damaged' | 'truncated' | 'unreadable';

/** A capture that cannot be read (further). The message names the capture, what was found, what was expected and the cure. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';

  /** @param capture file name, or a name for the live capture */
  constructor(
    readonly capture: string,
    readonly fault: CaptureFault,
    finding: string,
    options?: ErrorOptions,
  ) {
    super(`${capture} ${finding}`, options);
  }
}
