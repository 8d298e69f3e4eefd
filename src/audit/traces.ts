import { decodeEvent, type JournalLine, parseInstant, parseMac } from '../../events/index.js';
import { carries, deviceLines } from './device-line.js';
import type { Heard, ReadBack, Traces } from './how-sure.js';
import type { KnownLog } from './known-log.js';
import type { Subject } from './subject.js';
import type { Interval } from './who-had.js';

/** What was heard at the ports of some intervals, and what devices held for their servers. */
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
  const own = (await deviceLines(log, { serverIds: servers, causes: new Set(), at: undefined })).filter((line) =>
    carries(line, subject),
  );
  const lines = own.flatMap((line) =>
    line.serverId === undefined
      ? []
      : readBackOf(line, line.serverId, { device: line.device, time: parseInstant(line.time) ?? 0 }),
  );
  return { heard, lines, lastReconcile: await lastReconciles(log, new Set(own.map(({ device }) => device))) };
}

/** When each of these devices was read back last, and that one which was the last of all. */
async function lastReconciles(log: KnownLog, devices: ReadonlySet<string>): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (const stream of [undefined, ...[...devices].map((one) => `journal-${one}`)]) {
    for await (const stored of log.newestFirst(stream)) {
      if (stored.type !== 'ReconcileFinished') continue;
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') continue;
      last.set(decoded.event.data.device, decoded.event.time);
      break;
    }
  }
  return last;
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
