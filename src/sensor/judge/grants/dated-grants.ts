import {
  type GatewayGrants,
  type Grants,
  type GrantRecords,
  type LinkGrants,
  type LinkState,
  nothingGranted,
  type ServerGrants,
} from '../../../../projections/index.js';
import { GrantIndex } from './grant-index.js';
import { GrantsThen } from './grants-then.js';

/** Grants that can be asked as they were a short while ago. */
export interface GrantsOverTime {
  /** The grants made of what was recorded until this instant, it included (ms since 1970), as far back as they are kept. */
  asOf(time: number): Grants;
}

/** One change: the records that it put something else in the place of. */
interface Change {
  readonly recordedAt: number;
  readonly ordinalBefore: number;
  readonly servers: ReadonlyMap<string, ServerGrants>;
  readonly gateways: ReadonlyMap<string, GatewayGrants>;
  readonly links: ReadonlyMap<string, LinkState>;
}

/** Changes kept at most: above it the oldest is forgotten early. */
const mostChanges = 1_024;

/**
 * An index of grants that knows for a while what it said before each change, so that a frame is judged by the grants of
 * its own time. Time comes from the changes and from `advance` alone.
 */
export class DatedGrants implements GrantsOverTime {
  readonly index: GrantIndex;
  private changes: Change[] = [];
  private readonly looks = new Map<Change, Grants>();

  /** @param windowMs how long it is known what was before a change */
  constructor(
    private readonly windowMs: number,
    expectedServers = 0,
  ) {
    this.index = new GrantIndex(expectedServers);
  }

  /** When the last change was recorded; -Infinity when that is forgotten: then any moment is as good as now. */
  get lastChange(): number {
    return this.changes.at(-1)?.recordedAt ?? Number.NEGATIVE_INFINITY;
  }

  /** Takes in records; with `recordedAt` (ms since 1970) those of a change, without it those of a snapshot, true of any time. */
  take(records: GrantRecords, recordedAt?: number): void {
    const change = recordedAt === undefined ? undefined : this.before(records, recordedAt);
    this.index.take(records);
    if (change === undefined) return;
    this.looks.clear();
    this.changes.push(change);
    this.mark(change, true);
    if (this.changes.length > mostChanges) this.forgetOldest();
  }

  /**
   * Forgets what no frame needs any more: changes recorded longer ago than the window.
   * @param neededSince gives the earliest moment, ms since 1970, that will be asked for all the same
   */
  advance(now: number, neededSince: () => number = never): void {
    let since: number | undefined;
    for (let [oldest] = this.changes; oldest !== undefined; [oldest] = this.changes) {
      if (oldest.recordedAt + this.windowMs >= now) return;
      since ??= neededSince();
      if (oldest.recordedAt > since) return;
      this.forgetOldest();
    }
  }

  asOf(time: number): Grants {
    if (time >= this.lastChange) return this.index;
    const first = this.changes.find((one) => one.recordedAt > time);
    if (first === undefined) return this.index;
    const known = this.looks.get(first);
    if (known !== undefined) return known;
    const look = this.lookBefore(this.changes.slice(this.changes.indexOf(first)));
    this.looks.set(first, look);
    return look;
  }

  /** Recorded times never run back, so neither do those of changes. */
  private before({ servers, gateways, links }: GrantRecords, recordedAt: number): Change {
    const { index } = this;
    return {
      recordedAt: Math.max(recordedAt, this.lastChange),
      ordinalBefore: index.ordinal,
      servers: new Map(servers.map(({ serverId }) => [serverId, index.recordOf(serverId) ?? nothingGranted(serverId)])),
      gateways: new Map(gateways.map((one) => [one.switch, index.gatewayRecord(one.switch)])),
      links: new Map(links.map(({ port }) => [port, index.linkOf(port)])),
    };
  }

  /** Of several changes of one key the first says what was before them all. */
  private lookBefore(changes: readonly Change[]): Grants {
    const servers = new Map<string, ServerGrants>();
    const gateways = new Map<string, GatewayGrants>();
    const links = new Map<string, LinkState>();
    for (const change of [...changes].reverse()) {
      for (const [key, record] of change.servers) servers.set(key, record);
      for (const [key, record] of change.gateways) gateways.set(key, record);
      for (const [key, state] of change.links) links.set(key, state);
    }
    const ordinal = changes[0]?.ordinalBefore ?? this.index.ordinal;
    const before = {
      servers: [...servers.values()],
      gateways: [...gateways.values()],
      links: [...links].flatMap(([port, state]) => linkRecord(port, state)),
      exceptions: [],
      unknownLinks: [...links.keys()],
    };
    const then = new GrantIndex();
    then.take({ ordinal, ...before });
    return new GrantsThen(ordinal, this.index, then, before);
  }

  private forgetOldest(): void {
    const [oldest] = this.changes;
    if (oldest === undefined) return;
    this.changes = this.changes.slice(1);
    this.looks.delete(oldest);
    this.mark(oldest, false);
    for (const later of this.changes) this.mark(later, true);
  }

  /** The sieve clears nothing of what changed a short while ago: the rules look at it as of the frame's time. */
  private mark({ servers, gateways }: Change, isRecent: boolean): void {
    const { packed } = this.index;
    for (const serverId of servers.keys()) {
      const slot = packed.slotOf(serverId);
      if (slot >= 0) packed.rows.setRecent(slot, isRecent);
    }
    if (gateways.size > 0) packed.gatewaysAreRecent = isRecent;
    packed.version++;
  }
}

const never = (): number => Number.POSITIVE_INFINITY;

function linkRecord(port: string, { link, since }: LinkState): LinkGrants[] {
  return link === 'unknown' || since === undefined ? [] : [{ port: port as LinkGrants['port'], link, since }];
}
