import { decodeEvent, type JournalLine, parseMac } from '../../events/index.js';
import { carries } from './device-line.js';
import type { Heard, ReadBack, Traces } from './how-sure.js';
import type { KnownLog } from './known-log.js';
import type { Subject } from './subject.js';
import type { Interval } from './who-had.js';

/** What was heard at the ports of some intervals, and what devices held for their servers. Costs one pass over the log. */
export async function tracesOf(log: KnownLog, subject: Subject, intervals: readonly Interval[]): Promise<Traces> {
  const servers = new Set<string>(intervals.flatMap(({ serverId }) => serverId ?? []));
  const heard: Heard[] = [];
  for (const port of new Set(intervals.flatMap((one) => one.port ?? []))) {
    for (const stored of await log.stream(`port-${port}`)) {
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'MacSeen') continue;
      heard.push({ ...decoded.event.data, time: decoded.event.time });
    }
  }
  const lines: ReadBack[] = [];
  const lastReconcile = new Map<string, number>();
  for await (const page of log.pages()) {
    for (const stored of page) {
      if (stored.type !== 'ReconcileFinished') continue;
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') continue;
      const { data, time } = decoded.event;
      const { device } = data;
      lastReconcile.set(device, Math.max(time, lastReconcile.get(device) ?? time));
      for (const line of data.lines) {
        if (line.serverId === undefined || !servers.has(line.serverId) || !carries(line, subject)) continue;
        lines.push(...readBackOf(line, line.serverId, { device, time }));
      }
    }
  }
  return { heard, lines, lastReconcile };
}

/** Nothing where read-back could not tell: the device is as it was. */
function readBackOf(
  { kind, line, readBack, change, cause }: JournalLine,
  serverId: string,
  where: { readonly device: string; readonly time: number },
): ReadBack[] {
  if (kind === 'guard' || readBack === 'unknown') return [];
  const words = line.split(' ');
  const mac = kind === 'neighbour' ? parseMac(words[3]) : undefined;
  // `neighbour ADDRESS INTERFACE MAC`, `route DESTINATION ...`: a device has one of each for what comes first.
  const key = words.slice(1, kind === 'neighbour' ? 3 : 2).join(' ');
  const lost = change === 'add' && cause === 'drift' ? { wasLost: true as const } : {};
  return [
    { ...where, ...lost, serverId, kind, key, ...(mac === undefined ? {} : { mac }), isThere: readBack === 'present' },
  ];
}
