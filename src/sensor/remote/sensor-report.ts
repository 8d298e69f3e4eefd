import type { CaptureState } from '../capture/capture-handlers.js';

/**
 * How often a remote sensor reports, and after how long without a report it counts as one that does not hear, ms: so
 * early that what coverage waits after that ends within the minute.
 */
export const reportEveryMs = 5_000;
export const silentAfterMs = 20_000;

/** What a remote sensor says of itself. */
export interface SensorReport {
  readonly capture: CaptureState;
  /** Frames heard and, of those, frames that no host would believe. */
  readonly frames: number;
  readonly unbelievable: number;
  /** Frames that the kernel dropped, as far as known. */
  readonly dropped: number;
  /** Capture time of the newest frame, ms since 1970. */
  readonly lastFrameTime?: number;
  /** The longest a frame waited from capture to judging lately, ms. */
  readonly behindMs: number;
  /** Ordinal of the last change of the map that it judges by; -1 before the first. */
  readonly mapOrdinal: number;
  /** Verdicts that wait to be sent, that the engine refused, and that were lost because the spool was full. */
  readonly queued: number;
  readonly refused: number;
  readonly lost: number;
}

const counts = ['frames', 'unbelievable', 'dropped', 'behindMs', 'queued', 'refused', 'lost'] as const;
const known = [...counts, 'capture', 'lastFrameTime', 'mapOrdinal'];
const longestText = 500;

/** Reads a report that came over the network; a text says what is wrong with it. */
export function readReport(value: unknown): SensorReport | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'expected a JSON object';
  const given = value as Readonly<Record<string, unknown>>;
  const stray = Object.keys(given).find((name) => !known.includes(name));
  if (stray !== undefined) return `${stray.slice(0, 80)}: no such field; expected one of ${known.join(', ')}`;
  const numbers: Record<string, number> = {};
  for (const name of counts) {
    const count = given[name];
    if (!isWhole(count, 0)) return `${name}: expected a whole number`;
    numbers[name] = count;
  }
  const { mapOrdinal, lastFrameTime } = given;
  if (!isWhole(mapOrdinal, -1)) return 'mapOrdinal: expected an ordinal, or -1';
  if (lastFrameTime !== undefined && (typeof lastFrameTime !== 'number' || !Number.isFinite(lastFrameTime)))
    return 'lastFrameTime: expected ms since 1970';
  const capture = readCapture(given['capture']);
  if (capture === undefined) return 'capture: expected a state: running, stopped, or failed with reason and cure';
  const { frames = 0, unbelievable = 0, dropped = 0, behindMs = 0, queued = 0, refused = 0, lost = 0 } = numbers;
  const said = { capture, frames, unbelievable, dropped, behindMs, mapOrdinal, queued, refused, lost };
  return lastFrameTime === undefined ? said : { ...said, lastFrameTime };
}

function readCapture(value: unknown): CaptureState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { state, reason, cure, retryInMs = 0 } = value as Readonly<Record<string, unknown>>;
  if (state === 'running' || state === 'stopped') return { state };
  if (state !== 'failed' || typeof reason !== 'string' || typeof cure !== 'string' || !isWhole(retryInMs, 0))
    return undefined;
  return { state, reason: reason.slice(0, longestText), cure: cure.slice(0, longestText), retryInMs };
}

function isWhole(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}
