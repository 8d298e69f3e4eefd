import type { Writable } from 'node:stream';
import type { Subscription } from 'rxjs';
import type { StoredEvent } from '../../../events/index.js';
import { type ChangedRow, GrantChanges, type NetbootPrefixes } from '../../../projections/index.js';
import type { LiveMap } from '../../projector/live-map.js';
import { EventStream, type EventStreamOptions, type StreamItem } from '../../transports/event-stream.js';
import type { DatedRecords, GrantsBegin } from './grants-words.js';

/** Changes kept for clients that come back; about so many servers' records are held in memory. */
const keptRecords = 20_000;
/** A client may be this far behind while it takes a whole snapshot, bytes. */
const backlogBytes = 16 * 1024 * 1024;

interface Kept {
  readonly records: DatedRecords;
  readonly size: number;
}

/**
 * Streams what judging needs of the map to sensors elsewhere: all of it, then the records that each change touches.
 * A client that comes back soon gets what it missed; one that was away for longer, or knew another log, begins anew.
 */
export class GrantsStreams {
  private changes: GrantChanges | undefined;
  private readonly clients = new Set<EventStream>();
  private readonly kept: Kept[] = [];
  private keptSize = 0;
  /** What is kept tells every change after this ordinal. */
  private keptAfter = 0;
  private following: Subscription | undefined;

  constructor(
    private readonly liveMap: LiveMap,
    private readonly netboot?: NetbootPrefixes,
  ) {}

  /** Clients that follow just now. */
  get size(): number {
    return this.clients.size;
  }

  /**
   * Begins to stream to a client; the map must be live.
   * @param begin what a client that begins anew is told first
   * @param after the id of the last event it has, of this stream or of one before
   */
  open(client: Writable, begin: GrantsBegin, after: string | undefined, options: EventStreamOptions = {}): EventStream {
    const changes = this.follow();
    const missed = this.missedAfter(after);
    const past = missed === undefined ? this.everything(begin, changes) : items(missed, this.idOf);
    const stream: EventStream = new EventStream(
      client,
      this.thenLive(past, () => stream),
      {
        backlogBytes,
        ...options,
        onEnd: () => {
          this.clients.delete(stream);
          options.onEnd?.();
        },
      },
    );
    this.clients.add(stream);
    return stream;
  }

  close(): void {
    this.following?.unsubscribe();
    for (const stream of [...this.clients]) stream.close();
  }

  /** From the first client on: an engine without remote sensors pays nothing. */
  private follow(): GrantChanges {
    if (this.changes !== undefined) return this.changes;
    const touched = new GrantChanges(this.liveMap.map, this.netboot);
    this.changes = touched;
    this.keptAfter = this.liveMap.ordinal;
    let rows: ChangedRow[] = [];
    // The events of a page are told of right after the rows that they changed.
    this.following = this.liveMap.changes$.subscribe((changed) => void rows.push(...changed));
    this.following.add(
      this.liveMap.events$.subscribe((events) => {
        this.tellChanged(touched, rows, events);
        rows = [];
      }),
    );
    return touched;
  }

  private tellChanged(touched: GrantChanges, rows: readonly ChangedRow[], events: readonly StoredEvent[]): void {
    const { ordinal } = this.liveMap;
    const records = touched.touchedBy(rows, ordinal);
    if (records === undefined) return;
    const recordedAt = Date.parse(events.at(-1)?.metadata.recordedAt ?? '');
    const dated = { ...records, ...(Number.isFinite(recordedAt) && { recordedAt }) };
    this.keep(dated);
    for (const stream of this.clients) stream.send(recordsItem(dated, this.idOf(ordinal)));
  }

  private keep(records: DatedRecords): void {
    const size = records.servers.length + records.gateways.length + records.links.length;
    this.kept.push({ records, size });
    this.keptSize += size;
    while (this.keptSize > keptRecords) {
      const oldest = this.kept.shift();
      if (oldest === undefined) return;
      this.keptSize -= oldest.size;
      this.keptAfter = oldest.records.ordinal;
    }
  }

  /** The changes after a place; undefined where they are not all there, or the place is of another log. */
  private missedAfter(after: string | undefined): DatedRecords[] | undefined {
    const [, logId, ordinalText] = /^([0-9a-f-]{36}):(\d{1,15})$/.exec(after ?? '') ?? [];
    const ordinal = Number(ordinalText);
    const isKnown = logId === this.liveMap.logId && ordinal >= this.keptAfter && ordinal <= this.liveMap.ordinal;
    if (!isKnown) return undefined;
    return this.kept.map(({ records }) => records).filter((records) => records.ordinal > ordinal);
  }

  /** The whole snapshot, page by page as the client takes it. Its ids are no place to come back to: it is not whole yet. */
  private *everything(begin: GrantsBegin, changes: GrantChanges): Generator<StreamItem, undefined> {
    yield { id: unfinished, event: 'begin', data: begin };
    for (const records of changes.all(() => this.liveMap.ordinal)) yield recordsItem(records, unfinished);
  }

  /** What is past, and then the word that the client is up to date, behind all that changed while it took the past. */
  private *thenLive(past: Iterable<StreamItem>, stream: () => EventStream): Generator<StreamItem, undefined> {
    yield* past;
    const { ordinal } = this.liveMap;
    queueMicrotask(() => stream().send({ id: this.idOf(ordinal), event: 'live', data: { ordinal } }));
  }

  private readonly idOf = (ordinal: number): string => `${this.liveMap.logId}:${ordinal}`;
}

const unfinished = 'unfinished';

function* items(missed: readonly DatedRecords[], idOf: (ordinal: number) => string): Generator<StreamItem, undefined> {
  for (const records of missed) yield recordsItem(records, idOf(records.ordinal));
}

const recordsItem = (records: DatedRecords, id: string): StreamItem => ({ id, event: 'records', data: records });
