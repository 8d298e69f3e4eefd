import type { Observation } from '../../projections/index.js';

/** How a source of observations other than frames fares. */
export type ObservationSourceState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly detail: string }
  | { readonly state: 'failed'; readonly reason: string; readonly cure: string; readonly retryInMs: number }
  | { readonly state: 'stopped' };

/** Something that tells of claims without hearing frames: tables of devices, messages of switches. */
export interface ObservationSource {
  /** The sensor's name, as violations carry it. */
  readonly name: string;
  readonly state: ObservationSourceState;
  /** Called once, when the map is live. */
  start(observe: (observation: Observation) => void): void;
  /** Resolves when nothing more is told. */
  stop(): Promise<void>;
}
