import { decodeEvent, formatInstant } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';

/** A line that was written to a device or taken from it, and what reading it back showed. */
export interface DeviceLine {
  readonly device: string;
  /** RFC 3339. */
  readonly at: string;
  readonly change: 'add' | 'remove';
  readonly kind: string;
  readonly line: string;
  readonly serverId: string;
  readonly readBack: string;
}

export interface DeviceLines {
  /** Oldest first, the newest so many. */
  readonly lines: readonly DeviceLine[];
  /** False where the journal was not read as far back as was asked, or there were more lines. */
  readonly complete: boolean;
}

interface Wanted {
  readonly devices: readonly string[];
  readonly serverIds: ReadonlySet<string>;
  /** ms since 1970. */
  readonly from: number;
  readonly until: number;
}

const pageSize = 200;
const mostPages = 5;
const mostLines = 50;

/** What devices were made to hold of some servers in a while, by their journals; of each the newest thousand events at most. */
export async function journalLines(store: Pick<EventStore, 'readStream'>, wanted: Wanted): Promise<DeviceLines> {
  const streams = wanted.devices.flatMap((device) => [
    `journal-${device}`,
    `journal-${device}-guard`,
    `journal-${device}-dhcp`,
    `journal-${device}-ra`,
  ]);
  const read = await Promise.all(streams.map((stream) => linesOf(store, stream, wanted)));
  const lines = read.flatMap((one) => one.lines).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    lines: lines.slice(-mostLines),
    complete: lines.length <= mostLines && read.every(({ complete }) => complete),
  };
}

async function linesOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  { serverIds, from, until }: Wanted,
): Promise<DeviceLines> {
  const lines: DeviceLine[] = [];
  let next: number | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await store.readStream(stream, {
      backwards: true,
      limit: pageSize,
      ...(next !== undefined && { fromRevision: next }),
    });
    for (const stored of page.events) {
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') continue;
      const { time, data } = decoded.event;
      if (time < from) return { lines, complete: true };
      if (time > until) continue;
      for (const { change, kind, line, serverId, readBack } of data.lines) {
        if (serverId === undefined || !serverIds.has(serverId)) continue;
        lines.push({ device: data.device, at: formatInstant(time), change, kind, line, serverId, readBack });
      }
    }
    if (page.next === undefined) return { lines, complete: true };
    next = Number(page.next);
  }
  return { lines, complete: false };
}
