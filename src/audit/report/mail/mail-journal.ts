import { randomUUID } from 'node:crypto';
import {
  catalogue,
  decodeEvent,
  type EventData,
  formatInstant,
  parseInstant,
  type StoredEvent,
} from '../../../../events/index.js';
import type { EventStore } from '../../../event-store/event-store.port.js';
import type { MailedDay } from './mail-schedule.js';

const source = 'urn:portledger:day-report';
const stream = 'journal-report:day';
const pageSize = 100;
/** Who knows so many of the newest knows what is owed. */
const enoughDays = 40;

export type Mailed = EventData<'DayReportMailed'>;

/**
 * Which reports went out. They stand in the log and not in a file beside it: whoever starts an engine on this log, on another
 * machine too, knows it, a copy of the log has it, and the audit shows to how many the report went.
 */
export class MailJournal {
  constructor(
    private readonly store: Pick<EventStore, 'append' | 'readStream' | 'readAt'>,
    private readonly now: () => number,
  ) {}

  /** The newest that went out for a local day, newest first. Rejects with a StoreError. */
  async mailedDays(): Promise<MailedDay[]> {
    const found: MailedDay[] = [];
    let options: { fromRevision?: number } = {};
    for (;;) {
      const { events } = await this.store.readStream(stream, { ...options, limit: pageSize, backwards: true });
      found.push(...events.flatMap(mailedDay));
      const oldest = events.at(-1)?.revision ?? 0;
      if (oldest === 0 || found.length >= enoughDays) return found;
      options = { fromRevision: oldest - 1 };
    }
  }

  /** When the log begins, ms since 1970; undefined while it is empty. Rejects with a StoreError. */
  async begins(): Promise<number | undefined> {
    const [first] = await this.store.readAt([0]);
    return parseInstant(first?.metadata.recordedAt);
  }

  /** Resolves when it is durable. Rejects with a StoreError. */
  async wasMailed(data: Mailed): Promise<void> {
    const id = randomUUID();
    const metadata = {
      ...{ source, sourceId: id, schemaVersion: catalogue.DayReportMailed.version },
      time: formatInstant(this.now()),
    };
    const event = { id, type: 'DayReportMailed', data, metadata };
    await this.store.append({ stream, expected: 'any', events: [event] });
  }
}

/** One that somebody had sent is of no day. */
function mailedDay(stored: StoredEvent): MailedDay[] {
  const decoded = decodeEvent(stored);
  if (!decoded.readable || decoded.event.type !== 'DayReportMailed') return [];
  const { day, to } = decoded.event.data;
  const ended = parseInstant(to);
  return day === undefined || ended === undefined ? [] : [{ day, to: ended }];
}
