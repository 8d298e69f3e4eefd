import { type Difference, differenceOf, extraOf, type KnownServer } from './differences.js';
import type { ServerRecord } from './server-record.js';

/** The servers a file is held against. */
export interface KnownServers {
  get(serverId: string): KnownServer | undefined;
  all(): Iterable<KnownServer>;
}

/** Holds a file, taken for billing's whole truth, against what the engine was told. */
export class Comparison {
  compared = 0;
  private readonly named = new Set<string>();

  constructor(private readonly known: KnownServers) {}

  /** One server of the file; undefined where nothing differs. */
  take(record: ServerRecord): Difference | undefined {
    this.compared++;
    this.named.add(record.serverId);
    return differenceOf(record, this.known.get(record.serverId));
  }

  /** A row that cannot be read: what it names is there, and nobody knows how. */
  passOver(serverId: string): void {
    this.named.add(serverId);
  }

  /** True for a server that some row named. */
  names(serverId: string): boolean {
    return this.named.has(serverId);
  }

  /** After the last row: every server that is sold and that no row names. */
  *extras(): Iterable<Difference> {
    for (const one of this.known.all()) if (one.sold && !this.named.has(one.serverId)) yield extraOf(one);
  }
}
