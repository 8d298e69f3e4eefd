import type { LastSeen } from './judge-sightings.js';

/** What the log already has, so that a restarted judge goes on instead of beginning anew. */
export interface StoredVerdicts {
  isViolation(violationId: string): boolean;
  readonly lastSeen: LastSeen;
}

export interface JudgeLimits {
  /** How long a finding waits for billing's event, ms. */
  readonly inFlightWindowMs: number;
  /** At most this many findings wait; above it the one that has waited longest is judged at once. */
  readonly waitingFindings: number;
  /** Findings of one port that wait, told apart; above it those of a rule wait as one. */
  readonly waitingAPort: number;
  /** At most one ViolationRepeated in this time for each violation, ms. */
  readonly repeatWindowMs: number;
  /** Violations kept in memory; one let go is found again in the log. */
  readonly openViolations: number;
  /** MacSeen events for each port and minute. */
  readonly sightingsPerMinute: number;
  /** Violations of one port told apart in a minute; above it those of a rule are one, with a count and a sample. */
  readonly identitiesPerMinute: number;
  /** Repeats of one port told apart in a minute; above it they are counted for the same group. */
  readonly repeatsPerMinute: number;
  /** Frames kept as evidence of each violation. */
  readonly keptFrames: number;
}

export const judgeLimits: JudgeLimits = {
  inFlightWindowMs: 5_000,
  waitingFindings: 4_096,
  waitingAPort: 64,
  repeatWindowMs: 10_000,
  openViolations: 100_000,
  sightingsPerMinute: 20,
  identitiesPerMinute: 20,
  repeatsPerMinute: 60,
  keptFrames: 10,
};
