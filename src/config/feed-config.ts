import { Expect } from './shape.js';

const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** How many clients may follow the violations at once, and when a violation counts as quiet. */
export class FeedConfig {
  /** Of one token or one session. */
  @Expect('a whole number from 1 to 100000', wholeNumber(1, 100_000))
  streamsPerCaller = 5;
  @Expect('a whole number from 1 to 100000', wholeNumber(1, 100_000))
  streamsInAll = 200;
  /** An open violation that was not heard for so long is marked quiet, and stays open. */
  @Expect('a whole number of hours from 1 to 8760', wholeNumber(1, 8_760))
  quietHours = 24;
}
