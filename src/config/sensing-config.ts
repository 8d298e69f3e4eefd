import { Expect, Optional } from './shape.js';

const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** The frames that are kept to show a violation. */
export class EvidenceConfig {
  /** How much disk they may take, as the disk counts: a small file takes a whole block. */
  @Expect('a whole number of bytes from 65536 to 1099511627776', wholeNumber(65_536, 2 ** 40))
  maxBytes = 256 * 1024 * 1024;
  /** Where they are; `evidence` in `dataDir` when absent. */
  @Optional()
  @Expect('the path of a directory', (value) => typeof value === 'string' && value.length > 0)
  directory?: string;
}

/** When a sensor counts as silent or late. */
export class CoverageConfig {
  /** A sensor that does not hear alerts within this time. */
  @Expect('a whole number of seconds from 2 to 3600', wholeNumber(2, 3600))
  silentSeconds = 60;
  /** A frame judged so long after its capture means that the sensor lags. */
  @Expect('a whole number of milliseconds from 100 to 600000', wholeNumber(100, 600_000))
  lagMs = 2000;
}
