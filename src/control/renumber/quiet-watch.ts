import type { Ipv6Prefix, PortId, Vlan } from '../../../events/index.js';
import type { PrefixWatch, RenumberingRow } from '../../../projections/index.js';

/** Who hears the use of prefixes; the sensors are one. */
export interface PrefixEars {
  watch(prefixes: readonly Ipv6Prefix[]): void;
  heard(prefix: Ipv6Prefix): { readonly frames: number; readonly lastHeard: number } | undefined;
  /** The same text for as long as they hear this place without a gap; undefined while nobody does. */
  earsAt(port: PortId, vlan: Vlan): string | undefined;
}

interface Watched {
  readonly ears: string;
  readonly since: number;
}

/** Since when the use of each old prefix is heard without a gap. After a start of the engine that begins anew. */
export class QuietWatch {
  private readonly watched = new Map<string, Watched>();
  private readonly written = new Map<string, number>();
  private prefixes = '';

  constructor(private readonly ears: PrefixEars) {}

  /** The renumberings that are open: what is not among them is neither watched nor remembered. */
  follow(rows: readonly RenumberingRow[]): void {
    const prefixes = [...new Set(rows.map(({ from }) => from))].sort();
    const ids = new Set(rows.map(({ renumberingId }) => renumberingId));
    for (const known of [this.watched, this.written]) for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    const key = prefixes.join(' ');
    if (key === this.prefixes) return;
    this.prefixes = key;
    this.ears.watch(prefixes);
  }

  /** @param now ms since 1970 */
  look(
    { renumberingId, from }: RenumberingRow,
    place: { readonly port: PortId; readonly vlan: Vlan } | undefined,
    now: number,
  ): PrefixWatch {
    const count = this.ears.heard(from);
    const ears = place === undefined || count === undefined ? undefined : this.ears.earsAt(place.port, place.vlan);
    const before = this.watched.get(renumberingId);
    if (ears === undefined) this.watched.delete(renumberingId);
    else if (before?.ears !== ears) this.watched.set(renumberingId, { ears, since: now });
    const since = this.watched.get(renumberingId)?.since;
    const lastHeard = count?.lastHeard ?? 0;
    return { ...(since !== undefined && { since }), ...(lastHeard > 0 && { lastHeard }) };
  }

  /** Frames counted that the log does not have yet. */
  unwritten({ renumberingId, from }: RenumberingRow): number {
    return Math.max(0, (this.ears.heard(from)?.frames ?? 0) - (this.written.get(renumberingId) ?? 0));
  }

  /** The log has so many frames more of this one. */
  wrote({ renumberingId }: RenumberingRow, frames: number): void {
    this.written.set(renumberingId, (this.written.get(renumberingId) ?? 0) + frames);
  }
}
