import { randomBytes } from 'node:crypto';
import type { EventMetadata, StoredEvent } from '../../../events/index.js';
import { canonicalForm, canonicalJson, isPlainText } from '../canonical-json.js';
import type { AppendOutcome, AppendRequest, NewEvent } from '../event-store.port.js';
import { storedEvent } from './stored-row.js';
import type { WriteEvent, WriteOutcome, WriteRequest } from './writer-messages.js';

/** As long as every stamp, and chosen anew by every process, so that no text of an event can hold it. */
const placeHolder = randomBytes(12).toString('hex');
const stampMember = `"recordedAt":"${placeHolder}"`;

/** An append on its way: what goes to the writer, and the events as they will be read, short of place and stamp. */
export interface AppendDraft {
  readonly request: WriteRequest;
  readonly events: readonly EventDraft[];
}

interface EventDraft {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  /** A copy of our own. */
  readonly metadata: Record<string, unknown>;
}

/** @throws NotJson for what cannot be stored */
export function draftOf({ stream, expected, events }: AppendRequest): AppendDraft {
  // Names are hashed as well, so they are held to the same rules.
  if (!isPlainText(stream)) canonicalJson({ stream });
  const drafts: EventDraft[] = [];
  const texts: WriteEvent[] = [];
  for (const { id, type, data, metadata: given } of events) {
    if (!isPlainText(id) || !isPlainText(type)) canonicalJson({ id, type });
    const facts = canonicalForm(data);
    const { text, value, stampAt } = plainMetadata(given) ?? anyMetadata(given);
    texts.push({ id, type, data: facts.text, metadata: text, stampAt });
    drafts.push({ id, type, data: facts.value, metadata: value });
  }
  return { request: { stream, expected, events: texts }, events: drafts };
}

/** The answer to an append of the outcome that the writer gives; a draft is answered once. */
export function answerTo({ request, events }: AppendDraft, written: WriteOutcome): AppendOutcome {
  switch (written.outcome) {
    case 'stored': {
      const { ordinal, revision, at } = written;
      const recordedAt = stampOf(at);
      return {
        outcome: 'stored',
        events: events.map(({ id, type, data, metadata }, index): StoredEvent => {
          metadata['recordedAt'] = recordedAt;
          return {
            id,
            stream: request.stream,
            type,
            data,
            metadata: metadata as unknown as EventMetadata,
            revision: revision + index,
            position: String(ordinal + index),
            ordinal: ordinal + index,
          };
        }),
      };
    }
    case 'duplicate':
      return { outcome: 'duplicate', events: written.rows.map(storedEvent) };
    case 'wrong-revision':
    case 'id-conflict':
      return written;
    case 'not-new':
      throw new Error('The writer answered that an id is not new, and was not asked for that');
  }
}

interface MetadataForm {
  readonly text: string;
  readonly value: Record<string, unknown>;
  readonly stampAt: number;
}

function anyMetadata(given: NewEvent['metadata']): MetadataForm {
  const { text, value } = canonicalForm({ ...given, recordedAt: placeHolder });
  const stampAt = text.indexOf(stampMember) + stampMember.length - placeHolder.length - 1;
  return { text, value: value as Record<string, unknown>, stampAt };
}

/** The metadata that a publisher's event has, whose RFC 8785 form is known beforehand; undefined for any other. */
function plainMetadata(given: NewEvent['metadata']): MetadataForm | undefined {
  const { schemaVersion, source, sourceId, time } = given;
  const isPlain = isPlainMember(source) && isPlainMember(sourceId) && isPlainMember(time);
  if (!isPlain || !(Number.isSafeInteger(schemaVersion) && schemaVersion > 0)) return undefined;
  for (const name in given) if (!plainMembers.has(name)) return undefined;
  // The names are in canonical order as they stand here.
  const text = `{${stampMember},"schemaVersion":${schemaVersion},"source":"${source}","sourceId":"${sourceId}","time":"${time}"}`;
  return { text, value: { recordedAt: placeHolder, schemaVersion, source, sourceId, time }, stampAt: plainStampAt };
}

const plainMembers = new Set(['schemaVersion', 'source', 'sourceId', 'time']);
const plainStampAt = '{"recordedAt":"'.length;

function isPlainMember(value: unknown): boolean {
  return typeof value === 'string' && isPlainText(value);
}

let lastStamp = { at: NaN, text: '' };

/** The events of a group have the same stamp, mostly. */
function stampOf(at: number): string {
  if (lastStamp.at !== at) lastStamp = { at, text: new Date(at).toISOString() };
  return lastStamp.text;
}
