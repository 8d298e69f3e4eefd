import { auditTime, merge, type Subscription } from 'rxjs';
import { catalogue, type EventType, formatInstant, type RenumberingState } from '../../../events/index.js';
import { isEnded, type RenumberingRow } from '../../../projections/index.js';
import type { AppendOutcome, EventStore } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';
import { namedUuid } from '../../reactors/named-uuid.js';
import type { DeviceRegistry } from '../device-registry.js';
import { type PrefixEars, QuietWatch } from './quiet-watch.js';
import { type LookedAt, spokenTime, stateOf } from './renumber-view.js';
import { worldOf } from './renumber-world.js';

export interface ConductorOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly liveMap: LiveMap;
  readonly devices: Pick<DeviceRegistry, 'all' | 'looks$'>;
  /** Asked only once the conductor has started. */
  readonly ears: () => PrefixEars;
  readonly alerts: {
    raise(code: string, key: string, detail: string): void;
    clear(code: string, key: string): void;
  };
  readonly log: Record<'error' | 'info', (message: string, fields: Readonly<Record<string, unknown>>) => void>;
  /** Wall clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
}

export const renumberingSource = 'urn:portledger:control';
const safeToRemove = 'renumbering-safe-to-remove';
/** Looked at on every change that may concern one, and this often, ms, for what only time brings. */
const lookEveryMs = 1_000;
const pauseMs = 100;
/** What was counted is written down at most so often, ms. */
const countEveryMs = 3_600_000;

/**
 * Holds every open renumbering against the map, the devices and what sensors hear, and writes down what changed. It gives
 * no orders, and asks and grants nothing.
 */
export class RenumberConductor {
  private readonly open = new Set<string>();
  private readonly countedAt = new Map<string, number>();
  private watch: QuietWatch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private subscriptions: Subscription[] = [];
  private working: Promise<void> | undefined;
  private isAgain = false;
  private closed = false;

  constructor(private readonly options: ConductorOptions) {}

  /** Begins once the map is live. */
  start(): void {
    const { liveMap, devices } = this.options;
    this.watch = new QuietWatch(this.options.ears());
    let isLooking = false;
    this.subscriptions.push(
      liveMap.changes$.subscribe((changes) => {
        if (!isLooking) for (const id of liveMap.map.renumberings.keys()) this.note(id);
        isLooking = true;
        for (const { table, key } of changes) if (table === 'renumberings') this.note(key);
      }),
      merge(liveMap.changes$, devices.looks$)
        .pipe(auditTime(pauseMs))
        .subscribe(() => this.wake()),
    );
    this.timer = setInterval(() => this.wake(), lookEveryMs);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    for (const one of this.subscriptions) one.unsubscribe();
    await this.working;
  }

  /** Of those that are open, as the map has them now. */
  openRows(): RenumberingRow[] {
    const { renumberings } = this.options.liveMap.map;
    return [...this.open].flatMap((id) => renumberings.get(id) ?? []);
  }

  look(row: RenumberingRow): LookedAt {
    const { liveMap, devices } = this.options;
    const now = (this.options.now ?? Date.now)();
    const world = worldOf(row, liveMap.map, devices);
    const watch = (isEnded(row.order) ? undefined : this.watch?.look(row, world.place, now)) ?? {};
    return { row, world, watch, unwritten: this.watch?.unwritten(row) ?? 0, now };
  }

  private note(id: string): void {
    const row = this.options.liveMap.map.renumberings.get(id);
    if (row === undefined) return;
    if (isEnded(row.order)) this.open.delete(id);
    else this.open.add(id);
    if (row.noted !== 'safe-to-remove') this.options.alerts.clear(safeToRemove, id);
  }

  private wake(): void {
    if (this.closed || !this.options.liveMap.live) return;
    if (this.working !== undefined) {
      this.isAgain = true;
      return;
    }
    this.isAgain = false;
    this.working = this.lookAtAll().finally(() => {
      this.working = undefined;
      if (this.isAgain) this.wake();
    });
  }

  private async lookAtAll(): Promise<void> {
    const rows = this.openRows();
    this.watch?.follow(rows);
    for (const { renumberingId } of rows) {
      if (this.closed) return;
      try {
        await this.lookAt(renumberingId);
      } catch (error) {
        // The log does not answer: nothing is written down, and it is looked at again.
        this.options.log.error('a renumbering could not be looked at', { renumberingId, reason: String(error) });
      }
    }
  }

  private async lookAt(id: string): Promise<void> {
    const row = this.options.liveMap.map.renumberings.get(id);
    if (row === undefined) return;
    const at = this.look(row);
    const state = stateOf(at);
    if (state === row.noted) this.tellStanding(row, state);
    const isCountDue = at.unwritten > 0 && at.now - (this.countedAt.get(id) ?? row.notedAt) >= countEveryMs;
    if (state !== row.noted || isCountDue) await this.write(at, state);
  }

  private async write({ row, unwritten, watch, now }: LookedAt, state: RenumberingState): Promise<void> {
    const { store, liveMap, log } = this.options;
    const { renumberingId, serverId } = row;
    const stream = `renumbering-${renumberingId}`;
    const { events } = await store.readStream(stream, { backwards: true, limit: 1 });
    const [last] = events;
    // Somebody gave an order that the map has not heard yet: what was looked at is not what there is.
    if (last === undefined || last.ordinal > liveMap.ordinal || liveMap.isFrozen(stream)) return;
    const current = liveMap.map.renumberings.get(renumberingId);
    if (current?.orderedAt !== row.orderedAt || current.noted !== row.noted) return;
    const lastHeard = watch.lastHeard === undefined ? undefined : formatInstant(watch.lastHeard);
    const counted = unwritten === 0 ? {} : { heard: unwritten, ...(lastHeard !== undefined && { lastHeard }) };
    // Decided from this very state of the stream: who decides twice stores once.
    const id = namedUuid(`${renumberingId} ${last.id} ${state} ${last.revision}`);
    const data = { renumberingId, serverId, state, ...counted };
    const event = controlEvent('RenumberingProgressed', data, now, id);
    const { outcome }: AppendOutcome = await store.append({ stream, expected: last.revision, events: [event] });
    if (outcome !== 'stored') return;
    this.watch?.wrote(row, unwritten);
    this.countedAt.set(renumberingId, now);
    const { from, to } = row;
    if (state !== row.noted) log.info('a renumbering went on', { renumberingId, serverId, from, to, state });
  }

  /** An alert tells that an operator may go on: once, for as long as it is so. */
  private tellStanding({ renumberingId, serverId, from, to, quietSeconds }: RenumberingRow, state: string): void {
    const { alerts } = this.options;
    if (state !== 'safe-to-remove') return alerts.clear(safeToRemove, renumberingId);
    const quiet = `${from} of ${serverId} was not heard by neighbour discovery for ${spokenTime(quietSeconds)}; it lives on ${to}`;
    alerts.raise(
      safeToRemove,
      renumberingId,
      `${quiet}. portledger renumber next ${renumberingId} asks billing to release it.`,
    );
  }
}

/** An event of the control room, stamped at `now` (ms since 1970). */
export function controlEvent(type: EventType, data: object, now: number, id: string) {
  const { version } = catalogue[type];
  const metadata = { source: renumberingSource, sourceId: id, schemaVersion: version, time: formatInstant(now) };
  return { id, type, data, metadata };
}
