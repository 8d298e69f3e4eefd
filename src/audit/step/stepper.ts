import { decodeEvent, type ServerId, type StoredEvent } from '../../../events/index.js';
import { LogFold, type NetworkMap } from '../../../projections/index.js';
import { type Difference, differences } from '../diff/difference.js';
import { type FactRef, factOf } from '../fact.js';

/** One event, and the difference that it made to the map. */
export interface Step extends FactRef {
  /** CloudEvents `source` of its publisher. */
  readonly source: string;
  /** `parked`: it cannot be read and freezes its stream. `held`: it waits behind such an event. */
  readonly waits?: 'parked' | 'held';
  /** Servers by their id, then violations by theirs; empty where the map says the same as before. */
  readonly changes: readonly Difference[];
}

interface Touched {
  readonly servers: ReadonlySet<ServerId>;
  readonly violationIds: ReadonlySet<string>;
}

/**
 * Folds a log twice, one event apart, so that what each event changed is the difference of two maps by definition. Only the
 * servers and violations are compared that the event can have changed: it costs the events, and not the size of the map.
 */
export class Stepper {
  private readonly rows: (readonly [table: string, key: string])[] = [];
  private readonly before = new LogFold();
  private readonly after = new LogFold({ onChange: (table, key) => void this.rows.push([table, key]) });

  /** Ordinal of the last event; -1 before the first. */
  get ordinal(): number {
    return this.after.ordinal;
  }

  /** Takes an event in without telling what it changed. */
  pass(stored: StoredEvent): void {
    this.after.fold(stored);
    this.before.fold(stored);
    this.rows.length = 0;
  }

  step(stored: StoredEvent): Step {
    this.after.fold(stored);
    const { map: was } = this.before;
    const { map: is } = this.after;
    const changes = differences(was, is, this.touched([was, is])).map(({ difference }) => difference);
    this.pass(stored);
    const waits = this.after.isHeld(stored)
      ? ({ waits: decodeEvent(stored).readable ? 'held' : 'parked' } as const)
      : {};
    return { ...factOf(stored), source: stored.metadata.source, ...waits, changes };
  }

  /** What the rows that changed can have changed: a server, those in line with it, those at a port or a gateway. */
  private touched(maps: readonly NetworkMap[]): Touched {
    const servers = new Set<ServerId>();
    const violationIds = new Set<string>();
    for (const [table, key] of this.rows) {
      if (table === 'violations') violationIds.add(key);
      if (table === 'assignments') addWithRivals(servers, key as ServerId, maps);
      for (const map of maps) {
        const there =
          table === 'links' ? map.bindingsOnPort(key) : table === 'gateways' ? map.bindingsOnSwitch(key) : [];
        for (const { serverId } of there) servers.add(serverId);
      }
    }
    return { servers, violationIds };
  }
}

function addWithRivals(to: Set<ServerId>, serverId: ServerId, maps: readonly NetworkMap[]): void {
  to.add(serverId);
  const claims = maps.flatMap((map) => map.assignments.get(serverId)?.claims ?? []);
  for (const map of maps)
    for (const claim of claims) for (const rival of map.claims.rivalsOf(serverId, claim)) to.add(rival.serverId);
}
