import { Expect } from './shape.js';

const wholeNumber = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000_000;
const expected = 'a whole number from 1 to 1000000';

/** How much may change on the devices within a minute without an operator's word. */
export class BrakesConfig {
  /** Lines that one device may lose because their grant went away. */
  @Expect(expected, wholeNumber)
  removalsPerMinute = 100;
  /** The same over all devices together. */
  @Expect(expected, wholeNumber)
  removalsPerMinuteInAll = 500;
  /** Devices that may be written to; the others wait their turn. */
  @Expect(expected, wholeNumber)
  devicesPerMinute = 50;
}
