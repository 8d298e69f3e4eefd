import { macNumber, type PortId } from '../../../events/index.js';

interface Place {
  readonly port: PortId;
  readonly readAt: number;
}

/**
 * Where MAC tables showed each MAC last, so that what is heard or shown without a port can be given one. Never a fact: a MAC
 * can be forged at another port before the next read. Holds at most `most` places, the longest unread go first.
 */
export class MacPorts {
  /** By VLAN, 0 where the table named none, then by MAC. */
  private readonly byVlan = new Map<number, Map<number, Place>>();
  private count = 0;
  private firstRead = 0;
  private lastRead = -Infinity;

  /** @param keepMs how long a place counts that no newer table showed */
  constructor(
    private readonly keepMs: number,
    private readonly most = 1_000_000,
  ) {}

  /** Places held, those too old to count among them. */
  get size(): number {
    return this.count;
  }

  /** A MAC table was read at `readAt`, ms since 1970; reads further apart than places are kept for leave a gap. */
  noteRead(readAt: number): void {
    if (readAt - this.lastRead > this.keepMs) this.firstRead = readAt;
    this.lastRead = readAt;
  }

  /** Since when MAC tables are read without a gap, as of `now`; undefined while they are not. */
  readSince(now: number): number | undefined {
    return now - this.lastRead > this.keepMs ? undefined : this.firstRead;
  }

  /** When a table showed this MAC at this port last, however long ago; undefined where another port has it since. */
  shownAt(port: PortId, vlan: number, mac: string): number | undefined {
    const number = macNumber(mac);
    const places = [this.byVlan.get(vlan)?.get(number), this.byVlan.get(0)?.get(number)];
    return places.find((place) => place?.port === port)?.readAt;
  }

  /** A table read at `readAt` (ms since 1970) showed this MAC, canonically spelt, at a port. */
  learn(mac: string, vlan: number | undefined, port: PortId, readAt: number): void {
    const key = vlan ?? 0;
    const places = this.byVlan.get(key) ?? new Map<number, Place>();
    this.byVlan.set(key, places);
    const number = macNumber(mac);
    if (places.delete(number)) this.count--;
    if (this.count >= this.most && !this.forgetOldest()) return;
    places.set(number, { port, readAt }); // behind all others: a map keeps the order of insertion
    this.count++;
  }

  /** The port of a MAC in a VLAN at a time; undefined where no table that is young enough showed it. */
  portOf(mac: string, vlan: number | undefined, at: number): PortId | undefined {
    const place = this.byVlan.get(vlan ?? 0)?.get(macNumber(mac));
    return place === undefined || at - place.readAt > this.keepMs ? undefined : place.port;
  }

  private forgetOldest(): boolean {
    let oldest: { readonly places: Map<number, Place>; readonly mac: number; readonly readAt: number } | undefined;
    for (const places of this.byVlan.values())
      for (const [mac, { readAt }] of places) {
        if (oldest === undefined || readAt < oldest.readAt) oldest = { places, mac, readAt };
        break; // the first of each VLAN is its oldest
      }
    if (oldest === undefined) return false;
    this.count--;
    return oldest.places.delete(oldest.mac);
  }
}
