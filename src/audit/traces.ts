import {
  decodeEvent,
  type JournalLine,
  type LedgerEvent,
  parseInstant,
  parseMac,
  type StoredEvent,
} from '../../events/index.js';
import { historyKeys } from '../../projections/index.js';
import { carries, deviceLines } from './device-line.js';
import type { Heard, ReadBack, Traces } from './how-sure.js';
import type { KnownLog } from './known-log.js';
import type { Subject } from './subject.js';
import type { Interval } from './who-had.js';

/** What was heard at the places of some intervals, and what devices held for their servers. */
export async function tracesOf(log: KnownLog, subject: Subject, intervals: readonly Interval[]): Promise<Traces> {
  const lines = await readBacks(log, subject, intervals);
  const lastReconcile = await lastReconciles(log, new Set(lines.map(({ device }) => device)));
  return { heard: await heardAt(log, intervals), lines, lastReconcile };
}

/** What reading devices back showed of the servers of some intervals; @param at up to this time, ms since 1970 */
export async function readBacks(
  log: KnownLog,
  subject: Subject,
  intervals: readonly Interval[],
  at?: number,
): Promise<ReadBack[]> {
  const serverIds = new Set<string>(intervals.flatMap(({ serverId }) => serverId ?? []));
  const lines = await deviceLines(log, { serverIds, causes: new Set(), at });
  return lines
    .filter((line) => carries(line, subject))
    .flatMap((line) =>
      line.serverId === undefined
        ? []
        : readBackOf(line, line.serverId, { device: line.device, time: parseInstant(line.time) ?? 0 }),
    );
}

async function heardAt(log: KnownLog, intervals: readonly Interval[]): Promise<Heard[]> {
  const places = intervals.flatMap(({ port, vlan, mac }) =>
    port === undefined || vlan === undefined || mac === undefined ? [] : historyKeys.heard(port, vlan, mac),
  );
  const heard: Heard[] = [];
  if (places.length === 0) return heard;
  for await (const page of log.naming(() => [...new Set(places)])) {
    for (const stored of page) {
      if (stored.type !== 'MacSeen') continue;
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'MacSeen') continue;
      heard.push({ ...decoded.event.data, time: decoded.event.time });
    }
  }
  return heard;
}

/** When each of these devices was read back last, and that one which was the last of all. */
async function lastReconciles(log: KnownLog, devices: ReadonlySet<string>): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  const take = async (key: string, device?: string): Promise<void> => {
    const isMeant = (stored: StoredEvent): boolean => {
      const found = reconciled(stored);
      return found !== undefined && (device === undefined || found.data.device === device);
    };
    const stored = await log.lastNamed(key, isMeant, device === undefined ? undefined : `journal-${device}`);
    const event = stored && reconciled(stored);
    if (event !== undefined) last.set(event.data.device, event.time);
  };
  await take(historyKeys.reconciled);
  for (const device of devices) await take(historyKeys.reconciledOn(device), device);
  return last;
}

function reconciled(stored: StoredEvent): Extract<LedgerEvent, { type: 'ReconcileFinished' }> | undefined {
  const decoded = stored.type === 'ReconcileFinished' ? decodeEvent(stored) : undefined;
  return decoded?.readable === true && decoded.event.type === 'ReconcileFinished' ? decoded.event : undefined;
}

/** Nothing where read-back could not tell: the device is as it was. */
function readBackOf(
  { kind, line, readBack, change, cause }: JournalLine,
  serverId: string,
  where: { readonly device: string; readonly time: number },
): ReadBack[] {
  if ((kind !== 'neighbour' && kind !== 'route') || readBack === 'unknown') return [];
  const words = line.split(' ');
  const mac = kind === 'neighbour' ? parseMac(words[3]) : undefined;
  // `neighbour ADDRESS INTERFACE MAC`, `route DESTINATION ...`: a device has one of each for what comes first.
  const key = words.slice(1, kind === 'neighbour' ? 3 : 2).join(' ');
  const lost = change === 'add' && cause === 'drift' ? { wasLost: true as const } : {};
  return [
    { ...where, ...lost, serverId, kind, key, ...(mac === undefined ? {} : { mac }), isThere: readBack === 'present' },
  ];
}
