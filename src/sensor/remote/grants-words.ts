import type { GrantRecords } from '../../../projections/index.js';
import type { CaptureSource } from '../capture/capture-source.js';

/** What a remote sensor is told first: who it is by the engine's configuration, and what the log has of it. */
export interface GrantsBegin {
  readonly logId: string;
  /** Where it hears, as the engine knows it. */
  readonly source: CaptureSource;
  /** How long a finding waits for billing's event, ms. */
  readonly inFlightWindowMs: number;
  /** Violations at its place that are stored already, and the MAC that was seen last on each of its ports. */
  readonly known: KnownVerdicts;
}

export interface KnownVerdicts {
  readonly violations: readonly string[];
  readonly lastSeen: readonly { readonly port: string; readonly vlan: number; readonly mac: string }[];
}

/** Records as they are streamed. */
export interface DatedRecords extends GrantRecords {
  /** When the change that touched them was recorded, ms since 1970; absent for a snapshot. */
  readonly recordedAt?: number;
}
