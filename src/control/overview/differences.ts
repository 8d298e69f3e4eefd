import { switchOf } from '../../../events/index.js';
import type { LiveMap } from '../../projector/live-map.js';
import type { DeviceRegistry } from '../device-registry.js';
import type { Difference } from './difference-names.js';
import { type PushTally, pushTally } from './push-tally.js';
import type { ServerTally } from './server-tally.js';

/**
 * Three counts of servers, and where they differ: seen = billed - billed-not-seen + seen-not-billed, and
 * pushed = billed - billed-not-pushed + pushed-not-billed, always.
 */
export interface Counts {
  /** Servers that billing sells now, suspended ones too. */
  readonly billed: number;
  /** Billed servers with a MAC of theirs among those last seen on their own port and VLAN, and every other MAC seen on a port. */
  readonly seen: number;
  /** Billed servers of whose grants nothing is missing on the devices of their switch, and servers not sold that left lines of ours there. */
  readonly pushed: number;
  readonly differences: Readonly<Record<Difference, number>>;
}

/** One line of a list. What is not known is absent. */
export interface DifferentServer {
  readonly serverId?: string;
  readonly customerId?: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly mac?: string;
  readonly device?: string;
  /** One sentence. */
  readonly why: string;
}

export interface DifferencePage {
  readonly total: number;
  readonly servers: readonly DifferentServer[];
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
}

/** A look at the plans is good for so long, ms: many readers ask for the same. */
const goodForMs = 1_000;

/** Billed, seen, pushed: counted, and listed from the same state. */
export class Differences {
  private known: { readonly tally: PushTally; readonly version: number; readonly at: number } | undefined;

  constructor(
    private readonly servers: ServerTally,
    private readonly liveMap: Pick<LiveMap, 'map'>,
    private readonly devices: Pick<DeviceRegistry, 'all'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  counts({ notPushed, leftOvers }: PushTally = this.pushes()): Counts {
    const { billedCount: billed, billedAndSeen, strangers } = this.servers;
    return {
      billed,
      seen: billedAndSeen + strangers,
      pushed: billed - notPushed.length + leftOvers.length,
      differences: {
        'billed-not-seen': billed - billedAndSeen,
        'seen-not-billed': strangers,
        'billed-not-pushed': notPushed.length,
        'pushed-not-billed': leftOvers.length,
      },
    };
  }

  /** @param cursor `next` of the page before @param limit lines of one page; of one port all come together */
  page(difference: Difference, cursor: number, limit: number): DifferencePage {
    const pushes = this.pushes();
    const total = this.counts(pushes).differences[difference];
    switch (difference) {
      case 'billed-not-seen':
        return { total, ...this.pageOf(this.notSeenFrom(cursor), limit, (slot) => [this.unseen(slot)]) };
      case 'seen-not-billed':
        return { total, ...this.pageOf(this.servers.strangePortsFrom(cursor), limit, (slot) => this.strangers(slot)) };
      case 'billed-not-pushed': {
        const { notPushed, reasonOf } = pushes;
        const from = notPushed.filter((slot) => slot >= cursor);
        return {
          total,
          ...this.pageOf(from, limit, (slot) => {
            const switchName = this.liveMap.map.assignments.at(slot).port?.value;
            return [this.server(slot, reasonOf(slot, switchName === undefined ? '' : switchOf(switchName)))];
          }),
        };
      }
      case 'pushed-not-billed': {
        const { leftOvers } = pushes;
        const places = leftOvers.map((_, place) => place).slice(cursor);
        return {
          total,
          ...this.pageOf(places, limit, (place) => {
            const { serverId, device = '', line = '' } = leftOvers[place] ?? {};
            const why = `${device} holds ${line}, which nothing sold asks for`;
            return [{ ...(serverId !== undefined && { serverId }), device, why }];
          }),
        };
      }
    }
  }

  private pushes(): PushTally {
    const { version } = this.servers;
    const { known } = this;
    if (known !== undefined && known.version === version && this.now() - known.at < goodForMs) return known.tally;
    const tally = pushTally(this.servers, this.liveMap, this.devices);
    this.known = { tally, version, at: this.now() };
    return tally;
  }

  private *notSeenFrom(cursor: number): Iterable<number> {
    for (const { slot, isSeen } of this.servers.billedFrom(cursor)) if (!isSeen) yield slot;
  }

  private pageOf(
    places: Iterable<number>,
    limit: number,
    linesAt: (place: number) => readonly DifferentServer[],
  ): Omit<DifferencePage, 'total'> {
    const servers: DifferentServer[] = [];
    for (const place of places) {
      if (servers.length >= limit) return { servers, next: String(place) };
      servers.push(...linesAt(place));
    }
    return { servers };
  }

  private unseen(slot: number): DifferentServer {
    const { port } = this.liveMap.map.assignments.at(slot);
    if (port === undefined) return this.server(slot, 'billing named no port');
    const heard = this.liveMap.map.seenMacs.get(port.value)?.sightings.length ?? 0;
    return this.server(slot, heard === 0 ? 'nothing was seen on its port' : 'only other MACs were seen on its port');
  }

  private strangers(slot: number): DifferentServer[] {
    const row = this.liveMap.map.seenMacs.at(slot);
    return this.servers.strangersAt(row).map(({ mac, vlan }) => {
      const owner = this.liveMap.map.bindingsOfMac(mac).find(({ sold }) => sold);
      const why = owner === undefined ? 'nobody was sold this MAC' : `sold at ${owner.port ?? 'no port'}, not here`;
      return { ...(owner !== undefined && { serverId: owner.serverId }), port: row.port, vlan, mac, why };
    });
  }

  private server(slot: number, why: string): DifferentServer {
    const serverId = this.liveMap.map.assignments.keyAt(slot);
    const { customerId, port, vlan, mac } = this.liveMap.map.binding(serverId) ?? {};
    return {
      serverId,
      ...(customerId !== undefined && { customerId }),
      ...(port !== undefined && { port }),
      ...(vlan !== undefined && { vlan }),
      ...(mac !== undefined && { mac }),
      why,
    };
  }
}
