import type { StoredEvent } from '../../events/index.js';
import { eventDigest, type EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { storedEventId } from './event-id.js';
import { type Receipt, receiptOf } from './receipt.js';

/** A receipt that is asked for later: what was answered when the event came, and what it can be checked by. */
export interface FullReceipt extends Receipt {
  readonly source: string;
  readonly type: string;
  readonly stream: string;
  readonly time: string;
  readonly recordedAt: string;
  /** See `eventDigest`. */
  readonly digest: string;
}

const waitForMapMs = 2000;

/** Answers what stands in the log under a publisher's own name for an event: the event itself is its receipt. */
export class Receipts {
  constructor(
    private readonly store: Pick<EventStore, 'findById'>,
    private readonly liveMap: LiveMap,
  ) {}

  /** Undefined when nothing is stored under this source and id. Rejects with a StoreError when the log cannot be read. */
  async find(source: string, id: string): Promise<FullReceipt | undefined> {
    const event = await this.store.findById(storedEventId(source, id));
    if (event === undefined || !isNamed(event, source, id)) return undefined;
    await this.liveMap.reached(event.ordinal, waitForMapMs);
    const { type, stream, metadata } = event;
    const { time, recordedAt } = metadata;
    const receipt = receiptOf(event, this.liveMap.effectOf(event));
    return { ...receipt, source, type, stream, time, recordedAt, digest: eventDigest(event) };
  }
}

/** An event of our own rooms may have any id; it is nobody's receipt. */
function isNamed({ metadata }: StoredEvent, source: string, id: string): boolean {
  return metadata.source === source && metadata.sourceId === id;
}
