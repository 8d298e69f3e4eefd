import { randomUUID } from 'node:crypto';
import { type EventData, formatInstant } from '../../../events/index.js';
import { type EventStore, urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';
import { boundedText } from './bounded-text.js';

export const auditReads = 'audit-reads';
const source = 'urn:portledger:audit';
const longestText = 256;
const longestQuestion = 500;

/** A read as it was asked for and answered; texts come from outside. */
export interface NewRead extends Omit<EventData<'AuditRead'>, 'question' | 'at' | 'knownAt'> {
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Writes down who read what: the audit of the audit. */
export class AuditReadLog {
  constructor(
    private readonly store: Pick<EventStore, 'append'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Resolves once the read is durable. Rejects with the StoreError of a log that takes nothing. */
  async record({ fields, results, address, ...read }: NewRead): Promise<void> {
    const { at, knownAt, ...asked } = fields;
    const question = Object.entries(asked)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${textOf(value)}`)
      .join(' ');
    const data = {
      ...read,
      by: boundedText(read.by, longestText),
      route: boundedText(read.route, longestText),
      ...saidAs('address', address, longestText),
      ...saidAs('question', question, longestQuestion),
      ...saidAs('at', at, longestText),
      ...saidAs('knownAt', knownAt, longestText),
      ...(results === undefined ? {} : { results }),
    };
    const sourceId = randomUUID();
    const event = {
      id: uuidV5(uuidV5(urlNamespace, source), sourceId),
      type: 'AuditRead',
      data,
      metadata: { source, sourceId, schemaVersion: 1, time: formatInstant(this.now()) },
    };
    await this.store.append({ stream: auditReads, expected: 'any', events: [event] });
  }
}

function saidAs(name: string, value: unknown, most: number): Record<string, string> {
  const text = value === undefined ? '' : boundedText(textOf(value), most);
  return text === '' ? {} : { [name]: text };
}

/** A field that was given twice came as a list. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
