import { Expect } from './shape.js';

const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** A file in which billing drops its whole truth: held against the map on a timer, as a report only. */
export class ComparisonConfig {
  /** A regular file that this engine may read; no symbolic link. Write it under another name and rename it. */
  @Expect('the path of a file', (value) => typeof value === 'string' && value.length > 0)
  file!: string;
  @Expect('csv, ndjson or netbox', (value) => value === 'csv' || value === 'ndjson' || value === 'netbox')
  format: 'csv' | 'ndjson' | 'netbox' = 'csv';
  @Expect('a whole number of seconds from 1 to 604800', wholeNumber(1, 604_800))
  everySeconds = 3600;
  /** A file that was written longer ago is alerted. */
  @Expect('a whole number of hours from 1 to 8760', wholeNumber(1, 8_760))
  maxAgeHours = 26;
  /** A file that names less than this share of the servers that are sold is not believed. */
  @Expect('a whole percentage from 0 to 100', wholeNumber(0, 100))
  leastPercent = 50;
  /** A larger file is not read. */
  @Expect('a whole number of bytes from 1024 to 4294967296', wholeNumber(1024, 2 ** 32))
  maxBytes = 256 * 1024 * 1024;
  /** A comparison that takes longer is given up. */
  @Expect('a whole number of seconds from 1 to 3600', wholeNumber(1, 3600))
  maxSeconds = 120;
}
