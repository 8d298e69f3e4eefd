import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ComparisonConfig } from '../../config/app-config.js';
import type { LiveMap } from '../../projector/live-map.js';
import { type ToldDifference, told } from '../import/compare-report.js';
import { Comparison } from '../import/comparison.js';
import { type Difference, extraOf } from '../import/differences.js';
import type { ServerRecord } from '../import/server-record.js';
import { readTruth } from './read-truth.js';
import { type FileFacts, renameCure, TruthError } from './truth-file.js';
import type { TruthEnd } from './truth-told.js';

/** Differences that are told one by one; all are counted. */
export const mostDifferences = 100;
/** The engine has other things to do. */
const longestTurnMs = 10;

/** What one look at the file found. */
export interface Found extends Omit<TruthEnd, 'passedOver'> {
  /** Of the last event that the map counts. */
  readonly ordinal: number;
  /** Servers of the file that were held against the map. */
  readonly compared: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  readonly differences: readonly ToldDifference[];
  /** What differs, and rows that cannot be read: one text for each. */
  readonly troubles: ReadonlySet<string>;
}

/**
 * Holds billing's file against the live map, some servers at a time. Changes nothing. Meanwhile the map goes on, so a difference
 * may be a change under way: whoever tells people waits for the next look. Rejects with a TruthError.
 */
export async function compareTruth(
  config: ComparisonConfig,
  liveMap: LiveMap,
  { now, signal, onFile }: { now: number; signal: AbortSignal; onFile: (file: FileFacts) => void },
): Promise<Found> {
  const { file, format, maxBytes, maxSeconds, leastPercent } = config;
  const tally = new Tally();
  const all = (): ReturnType<typeof liveMap.map.bindings> => liveMap.map.bindings();
  const comparison = new Comparison({ get: (id) => liveMap.map.binding(id), all });
  const onRecords = (records: readonly ServerRecord[]): void => {
    for (const record of records) tally.take(comparison.take(record));
  };
  const reading = { file, format, maxBytes, maxSeconds, now, onFile, onRecords };
  const { passedOver, ...end } = await readTruth(reading, signal);
  for (const serverId of passedOver) {
    comparison.passOver(serverId);
    tally.troubles.add(`rejected ${serverId}`);
  }
  let sold = 0;
  let began = performance.now();
  for (const one of all()) {
    if (performance.now() - began > longestTurnMs) {
      await nextTurn();
      signal.throwIfAborted();
      began = performance.now();
    }
    if (!one.sold) continue;
    sold++;
    if (!comparison.names(one.serverId)) tally.take(extraOf(one));
  }
  onFile(end.file);
  const { compared } = comparison;
  if (compared * 100 < sold * leastPercent) {
    const detail = `${file} has ${compared} servers that can be read, less than ${leastPercent} % of the ${sold} that are sold, so it is not believed. ${renameCure} Lower comparison.leastPercent if it is right.`;
    throw new TruthError('file-implausible', detail);
  }
  const { counts, differences, troubles } = tally;
  return { ...end, ordinal: liveMap.ordinal, compared, ...counts, differences, troubles };
}

/** Counts what differs, and keeps the first of it. */
class Tally {
  readonly counts = { missing: 0, extra: 0, different: 0 };
  readonly differences: ToldDifference[] = [];
  readonly troubles = new Set<string>();

  take(one: Difference | undefined): void {
    if (one === undefined) return;
    this.counts[one.kind]++;
    this.troubles.add(`${one.kind} ${one.serverId}`);
    if (this.differences.length < mostDifferences) this.differences.push(told(one));
  }
}
