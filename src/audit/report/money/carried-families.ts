import { decodeEvent, type StoredEvent } from '../../../../events/index.js';

interface Carried {
  /** Each line of a device that reading back showed. */
  readonly lines: Set<string>;
  /** When the first came or the last went, ms since 1970, in log order. */
  readonly turns: { readonly at: number; readonly ordinal: number; readonly carried: boolean }[];
}

/** Of which servers devices were read back to carry routes, by family and over time, as the journal tells it. */
export class CarriedFamilies {
  private readonly servers = new Map<string, { readonly v4: Carried; readonly v6: Carried }>();

  take(stored: StoredEvent): void {
    if (stored.type !== 'ReconcileFinished') return;
    const decoded = decodeEvent(stored);
    if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') return;
    const { data, time } = decoded.event;
    for (const { kind, line, serverId, readBack } of data.lines) {
      if (kind !== 'route' || serverId === undefined || readBack === 'unknown') continue;
      // A route of ours begins with its prefix: `route 2001:db8::/48 via …`.
      const of = this.of(serverId)[line.split(' ')[1]?.includes(':') === true ? 'v6' : 'v4'];
      const was = of.lines.size > 0;
      const key = `${data.device} ${line}`;
      if (readBack === 'present') of.lines.add(key);
      else of.lines.delete(key);
      const carried = of.lines.size > 0;
      if (carried !== was) of.turns.push({ at: time, ordinal: stored.ordinal, carried });
    }
  }

  /** @param upTo ordinal of the last event that counts */
  at(serverId: string, moment: number, upTo: number): { readonly v4: boolean; readonly v6: boolean } {
    const server = this.servers.get(serverId);
    const carries = (of: Carried | undefined): boolean =>
      of?.turns.findLast(({ at, ordinal }) => at <= moment && ordinal <= upTo)?.carried === true;
    return { v4: carries(server?.v4), v6: carries(server?.v6) };
  }

  private of(serverId: string) {
    const none = (): Carried => ({ lines: new Set(), turns: [] });
    const server = this.servers.get(serverId) ?? { v4: none(), v6: none() };
    this.servers.set(serverId, server);
    return server;
  }
}
