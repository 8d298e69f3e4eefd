import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseInstant, type Severity, type StoredEvent } from '../../../events/index.js';
import { isOpen, LogFold, Mutes, type NetworkMap } from '../../../projections/index.js';
import type { Read } from '../as-of.js';
import type { LogReader } from '../known-log.js';
import { DayFold, type Range } from './day-fold.js';
import type { DayReport, Standing } from './day-report.js';

const pageSize = 1_000;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const longestMs = 31 * 86_400_000;

/** Reads `24h`, `90m`, `7d`: how far a report goes back, ms; at most 31 days. */
export function parseSince(text = '24h'): Read<number> {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (ms <= longestMs) return { value: ms };
  return { problem: `since: "${text.slice(0, 40)}" is no length; write 24h, 90m or 7d, at most 31d` };
}

/** How the violations of a map stand at a moment, ms since 1970. */
export function standingOf(map: NetworkMap, at: number): Standing {
  const mutes = new Mutes();
  for (const mute of map.mutes.values()) mutes.put(mute);
  const bySeverity: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  let [open, acknowledged, muted] = [0, 0, 0];
  for (const row of map.violations.values()) {
    if (!isOpen(row.state)) continue;
    open++;
    bySeverity[row.severity]++;
    if (row.state === 'acknowledged') acknowledged++;
    if (mutes.muting(row, at) !== undefined) muted++;
  }
  return { open, bySeverity, acknowledged, muted };
}

/**
 * The report of a range that ends now, of a log whose map is at hand: only the events of the range are read, newest first.
 * What is stored while it reads is not in it. Rejects with a StoreError.
 */
export async function readDay(
  log: Pick<LogReader, 'readAll' | 'logId'>,
  map: NetworkMap,
  range: Range,
  ordinal: number,
): Promise<DayReport> {
  // Taken at once: the map goes on while the log is read.
  const standing = standingOf(map, range.to);
  const fold = new DayFold(range, (violationId) => map.violations.get(violationId));
  let after: string | undefined;
  for (;;) {
    const page = await log.readAll({ ...(after === undefined ? {} : { after }), backwards: true, limit: pageSize });
    for (const event of page.events) {
      if (event.ordinal > ordinal) continue;
      if (fold.isIn(event) === undefined) return fold.report(log.logId, standing);
      fold.take(event);
    }
    after = page.events.at(-1)?.position;
    if (page.next === undefined || after === undefined) return fold.report(log.logId, standing);
    // An engine has other work between two pages.
    await nextTurn();
  }
}

/** The report of the last stretch of a log that no engine has a map of: all of it is folded, oldest first. Rejects with a StoreError. */
export async function foldDay(log: Pick<LogReader, 'readAll' | 'logId' | 'head'>, sinceMs: number): Promise<DayReport> {
  const head = await log.head();
  const to = parseInstant(head?.metadata.recordedAt) ?? Date.now();
  const map = new LogFold();
  const day = new DayFold({ from: to - sinceMs, to }, (violationId) => map.map.violations.get(violationId));
  let last: StoredEvent | undefined;
  while (head !== undefined && (last?.ordinal ?? -1) < head.ordinal) {
    const page = await log.readAll({ ...(last === undefined ? {} : { after: last.position }), limit: pageSize });
    if (page.events.length === 0) break;
    for (const event of page.events) {
      if (event.ordinal > head.ordinal) break;
      map.fold(event);
      day.take(event);
      last = event;
    }
  }
  return day.report(log.logId, standingOf(map.map, to));
}
