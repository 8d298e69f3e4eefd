import { contentId } from './content-id.js';
import { type Fact, publishedTypes } from './fact.js';

/** A fact as it goes over the wire: a CloudEvent of version 1.0 in structured mode. */
export interface Envelope {
  readonly specversion: '1.0';
  readonly type: string;
  readonly source: string;
  readonly id: string;
  readonly subject: string;
  readonly time: string;
  /** The shape this client knows, so that an engine which knows a newer one reads it rightly. */
  readonly schemaversion: number;
  readonly data: object;
}

/** Throws a TypeError for a type that is not published, and a RangeError for a Date that is none. */
export function envelopeOf(fact: Fact, source: string): Envelope {
  const { type, data } = fact;
  if (!Object.hasOwn(publishedTypes, type)) {
    const names = Object.keys(publishedTypes).join(', ');
    throw new TypeError(`type: found ${JSON.stringify(type)}, expected one of ${names}.`);
  }
  const { about, version } = publishedTypes[type];
  const time = typeof fact.time === 'string' ? fact.time : fact.time.toISOString();
  const subject = (data as Readonly<Record<string, unknown>>)[about];
  return {
    specversion: '1.0',
    type,
    source: fact.source ?? source,
    id: typeof fact.id === 'string' ? fact.id : contentId(type, time, data),
    // What is no text is told by the engine, which names the field.
    subject: typeof subject === 'string' ? subject : '',
    time,
    schemaversion: version,
    data,
  };
}
