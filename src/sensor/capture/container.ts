import type { CaptureRecord } from './capture-record.js';

/** What libpcap itself takes as the longest frame (MAXIMUM_SNAPLEN). */
export const LONGEST_FRAME = 262_144;

/** A file format that frames come in, read step by step. It keeps only what later frames need to be understood. */
export interface Container {
  /** True once the header that begins the capture has been read and understood. */
  readonly started: boolean;
  /** True where the last step filled the record. */
  readonly filled: boolean;
  /** True where what was skipped is still to be ended. */
  readonly midway: boolean;
  /** What a capture begins with, in words and bytes: an empty file is told what was expected. */
  readonly expects: string;
  /**
   * Takes one step: a header, a block or a record that begins at `at`. Answers where the next one begins, which may lie
   * beyond the data where what lies between needs no reading, or minus the bytes needed from `at` on to take the step.
   * @param atByte where `at` is in the capture, for messages
   * @throws CaptureError where the capture cannot be read (further)
   */
  step(view: DataView, at: number, atByte: number, record: CaptureRecord): number;
}
