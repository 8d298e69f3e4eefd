import {
  auditTime,
  defaultIfEmpty,
  filter,
  firstValueFrom,
  merge,
  type Observable,
  startWith,
  concatMap,
  takeUntil,
} from 'rxjs';
import type { StoredEvent } from '../../events/index.js';
import type { Conflict, Effect, ServerState } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { DeviceRegistry } from './device-registry.js';
import { ServerFacts } from './server-facts.js';
import { type ServerOnDevice, serverOnDevice } from './server-on-device.js';

/** One fact of the server, and what it means for the map now. */
export interface ServerFact {
  /** The publisher's own id of the event. */
  readonly id: string;
  readonly type: string;
  readonly ordinal: number;
  readonly position: string;
  readonly time: string;
  readonly recordedAt: string;
  readonly effect: Effect | 'stored';
  readonly conflicts: readonly Conflict[];
}

export interface ServerStatus {
  readonly serverId: string;
  /** The last event of the server's stream. */
  readonly stored: { readonly ordinal: number; readonly position: string };
  /** Absent while the map has nothing of the server: all its facts are held, or have not been folded yet. */
  readonly state?: ServerState;
  /** True when an event of the server cannot be read: it and all later ones are held. */
  readonly frozen: boolean;
  /** The newest first, at most ten. */
  readonly facts: readonly ServerFact[];
  /** Every device of every switch the server was ever on. */
  readonly devices: readonly ServerOnDevice[];
  /** True when the map has all that is stored and every one of these devices is confirmed. */
  readonly settled: boolean;
}

const shownFacts = 10;
/** Looks come in bursts; a waiter looks at most this often. */
const pauseMs = 100;

/** Follows one server from the log through the map to its devices. */
export class ServerFollower {
  private readonly facts: ServerFacts;

  /** @param source whose facts are shown; undefined for all */
  constructor(
    private readonly serverId: string,
    private readonly source: string | undefined,
    private readonly engine: {
      readonly store: Pick<EventStore, 'readStream'>;
      readonly liveMap: LiveMap;
      readonly devices: Pick<DeviceRegistry, 'all' | 'looks$'>;
    },
  ) {
    this.facts = new ServerFacts(engine.store, serverId, shownFacts);
  }

  /** Undefined for a server of which nothing (of that source) stands in the log. Rejects with a StoreError. */
  async status(): Promise<ServerStatus | undefined> {
    await this.facts.read();
    const { last } = this.facts;
    if (last === undefined || (this.source !== undefined && !this.facts.isOf(this.source))) return undefined;
    return this.statusNow(last);
  }

  /** The first settled status, or what is so when `until` says that the waiting is over. */
  async settled(until: Observable<unknown>): Promise<ServerStatus | undefined> {
    const { liveMap, devices } = this.engine;
    const stream = `server-${this.serverId}`;
    // Another server's facts show by the looks they lead to.
    const folded = liveMap.events$.pipe(filter((events) => events.some((event) => event.stream === stream)));
    const becameLive = liveMap.changes$.pipe(filter((changes) => changes.length === 0));
    const wakes = merge(folded, becameLive, devices.looks$).pipe(auditTime(pauseMs), startWith(undefined));
    const statuses = wakes.pipe(concatMap(() => this.status()));
    const found = await firstValueFrom(
      statuses.pipe(
        filter((status) => status === undefined || status.settled),
        takeUntil(until),
        defaultIfEmpty('not settled' as const),
      ),
    );
    return found === 'not settled' ? this.status() : found;
  }

  private statusNow(last: StoredEvent): ServerStatus {
    const { liveMap, devices } = this.engine;
    const binding = liveMap.map.binding(this.serverId);
    const changedAt = Math.max(-1, binding?.changedAt ?? -1, binding?.freedAt ?? -1);
    const switches = new Set([...this.facts.switches, ...(binding?.switch === undefined ? [] : [binding.switch])]);
    const concerned = devices
      .all()
      .filter(({ status }) => switches.has(status.switch))
      .map((device) => {
        const link = binding?.port === undefined ? undefined : device.link(binding.port);
        return serverOnDevice(this.serverId, changedAt, device, link);
      });
    const frozen = liveMap.isFrozen(last.stream);
    return {
      serverId: this.serverId,
      stored: { ordinal: last.ordinal, position: last.position },
      ...(binding === undefined ? {} : { state: binding.state }),
      frozen,
      facts: this.facts.newest(this.source).map((event) => this.factOf(event)),
      devices: concerned,
      settled: liveMap.ordinal >= last.ordinal && !frozen && concerned.every(({ confirmed }) => confirmed),
    };
  }

  private factOf(event: StoredEvent): ServerFact {
    const { type, ordinal, position, metadata } = event;
    const { time, recordedAt, sourceId: id } = metadata;
    const meaning = this.engine.liveMap.effectOf(event) ?? { effect: this.unfolded(event), conflicts: [] };
    return { id, type, ordinal, position, time, recordedAt, ...meaning };
  }

  /** An event that cannot be read has no meaning but that it holds its stream. */
  private unfolded({ ordinal, stream }: StoredEvent): 'held' | 'stored' {
    const { liveMap } = this.engine;
    return ordinal <= liveMap.ordinal && liveMap.isFrozen(stream) ? 'held' : 'stored';
  }
}
