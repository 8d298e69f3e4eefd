import type { Writable } from 'node:stream';
import type { Subscription } from 'rxjs';
import type { ViolationRow } from '../../projections/index.js';
import type { LiveMap, MapChange } from '../projector/live-map.js';
import {
  EventStream,
  type EventStreamOptions,
  type Payload,
  payloadOf,
  type StreamItem,
} from '../transports/event-stream.js';
import { comparePositions, fromTheStart } from './position.js';
import { fits, type ViolationFilter } from './violation-filter.js';
import { type Viewing, violationView } from './violation-view.js';

/** What changes within so long goes out as one write to each client; what comes after a silence goes at once. */
const usualGatherMs = 50;

/** Clients that asked for the same are told by the same bytes. */
interface Audience {
  readonly filter: ViolationFilter;
  readonly streams: Set<EventStream>;
}

/**
 * Streams violations to clients: to each first those that changed after a position, each once and as it is now, in log
 * order; then every change. Both come from the map in one step, so nothing falls between them and nothing comes twice.
 * A row is put into words once, however many clients are told of it.
 */
export class ViolationStreams {
  private readonly audiences = new Map<string, Audience>();
  private readonly changed = new Set<string>();
  private following: Subscription | undefined;
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly liveMap: LiveMap,
    private readonly viewing: () => Viewing,
    private readonly gatherMs = usualGatherMs,
  ) {}

  /** Clients that follow just now. */
  get size(): number {
    let size = 0;
    for (const { streams } of this.audiences.values()) size += streams.size;
    return size;
  }

  /** Begins to stream to a client; the map must be live. */
  open(
    client: Writable,
    { filter, after }: { readonly filter: ViolationFilter; readonly after?: string | undefined },
    options: EventStreamOptions = {},
  ): EventStream {
    // What was gathered is in the map already: told later, a new client would hear it twice.
    this.tell();
    this.following ??= this.liveMap.changes$.subscribe((changes) => this.note(changes));
    const key = JSON.stringify(Object.entries(filter).sort());
    const audience = this.audiences.get(key) ?? { filter, streams: new Set() };
    this.audiences.set(key, audience);
    const past = after === undefined ? [] : this.changedAfter(after, filter);
    const onEnd = (): void => {
      for (const one of audience.streams) if (!one.open) audience.streams.delete(one);
      if (audience.streams.size === 0) this.audiences.delete(key);
      if (this.audiences.size === 0) this.rest();
      options.onEnd?.();
    };
    const stream = new EventStream(client, this.items(past), { ...options, onEnd });
    if (stream.open) audience.streams.add(stream);
    return stream;
  }

  close(): void {
    for (const { streams } of [...this.audiences.values()]) for (const stream of [...streams]) stream.close();
  }

  private note(changes: readonly MapChange[]): void {
    for (const { table, key } of changes) if (table === 'violations') this.changed.add(key);
    if (this.changed.size === 0 || this.gathering !== undefined) return;
    this.tell();
    if (this.gatherMs > 0) this.gather();
  }

  /** Goes on as long as there is something to tell each time. */
  private gather(): void {
    this.gathering = setTimeout(() => {
      this.gathering = undefined;
      if (this.changed.size === 0) return;
      this.tell();
      this.gather();
    }, this.gatherMs);
  }

  /** Tells everybody what changed: each violation once, as it is now, in log order. */
  private tell(): void {
    if (this.changed.size === 0) return;
    const rows = [...this.changed].flatMap((id) => this.liveMap.map.violations.get(id) ?? []);
    this.changed.clear();
    const viewing = this.viewing();
    const payloads = new Map<ViolationRow, Payload>();
    for (const row of rows.sort((a, b) => a.changedAt - b.changedAt)) payloads.set(row, payloadOf(this.itemOf(row)));
    for (const { filter, streams } of [...this.audiences.values()]) {
      const fitting = [...payloads].filter(([row]) => fits(row, filter, viewing)).map(([, payload]) => payload);
      if (fitting.length === 0) continue;
      const payload = Buffer.concat(fitting);
      for (const stream of [...streams]) stream.send(payload);
    }
  }

  private rest(): void {
    this.following?.unsubscribe();
    this.following = undefined;
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.changed.clear();
  }

  private *items(rows: readonly ViolationRow[]): Generator<StreamItem, undefined> {
    for (const row of rows) yield this.itemOf(row);
  }

  private itemOf(row: ViolationRow): StreamItem {
    return { id: row.position, event: 'violation', data: violationView(row, this.viewing()) };
  }

  private changedAfter(after: string, filter: ViolationFilter): ViolationRow[] {
    const viewing = this.viewing();
    const found: ViolationRow[] = [];
    for (const row of this.liveMap.map.violations.values()) {
      const isLater = after === fromTheStart || comparePositions(row.position, after) > 0;
      if (isLater && fits(row, filter, viewing)) found.push(row);
    }
    return found.sort((a, b) => a.changedAt - b.changedAt);
  }
}
