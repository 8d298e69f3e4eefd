import {
  decodeEvent,
  formatInstant,
  isLinkLocal,
  type JournalLine,
  parseIp,
  parseIpv6Prefix,
  type ReconcileOutcome,
} from '../../events/index.js';
import { historyKeys } from '../../projections/index.js';
import type { KnownLog } from './known-log.js';
import { covers, overlap } from './mentions.js';
import type { Subject } from './subject.js';

/** One line that a reconcile wrote to a device or took from it, and the journal event that says so. */
export interface DeviceLine extends JournalLine {
  readonly device: string;
  readonly planId: string;
  /** Of the whole reconcile. */
  readonly outcome: ReconcileOutcome;
  /** Of the journal event. */
  readonly ordinal: number;
  readonly time: string;
  /** What went wrong, where the reconcile was not confirmed. */
  readonly error?: string;
}

export interface Wanted {
  /** Lines of these servers, whatever caused them. */
  readonly serverIds: ReadonlySet<string>;
  /** Lines that the events of these ordinals caused, whatever server they are for. */
  readonly causes: ReadonlySet<number>;
  /** Only reconciles up to this time, ms since 1970. */
  readonly at: number | undefined;
}

/** The journal's lines about some servers or events, in log order. */
export async function deviceLines(log: KnownLog, { serverIds, causes, at }: Wanted): Promise<DeviceLine[]> {
  const lines: DeviceLine[] = [];
  const keys = [...[...serverIds].map(historyKeys.lineOf), ...[...causes].map(historyKeys.lineBy)];
  for await (const page of log.naming(() => keys)) {
    for (const stored of page) {
      if (stored.type !== 'ReconcileFinished') continue;
      const decoded = decodeEvent(stored);
      if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') continue;
      const { data, time, ordinal } = decoded.event;
      if (at !== undefined && time > at) continue;
      const { device, planId, outcome, error } = data;
      for (const line of data.lines) {
        const wanted = line.serverId !== undefined && serverIds.has(line.serverId);
        if (!wanted && (typeof line.cause !== 'number' || !causes.has(line.cause))) continue;
        const told = { device, planId, outcome, ordinal, time: formatInstant(time) };
        lines.push({ ...line, ...told, ...(error === undefined ? {} : { error }) });
      }
    }
  }
  return lines;
}

/**
 * True for a line that carries the subject. For an address these are its own entry, the route around it, and the
 * link-local entry that an IPv6 route needs; a server, MAC or port stands behind every line of its server.
 */
export function carries({ line, kind }: JournalLine, subject: Subject): boolean {
  if (subject.kind !== 'ip' && subject.kind !== 'prefix') return true;
  const isV6 = subject.kind === 'prefix' || subject.address.includes(':');
  return line.split(/[^0-9A-Za-z:./]+/).some((word) => {
    if (isV6 && kind === 'neighbour' && isLinkLocal(word)) return true;
    const address = parseIp(word.replace(/\/(?:32|128)$/, ''));
    const prefix = parseIpv6Prefix(word);
    if (subject.kind === 'ip') {
      return address === subject.address || (prefix !== undefined && covers(prefix, subject.address));
    }
    if (prefix !== undefined) return overlap(prefix, subject.prefix);
    return address !== undefined && covers(subject.prefix, address);
  });
}
