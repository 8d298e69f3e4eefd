import type { Read } from './as-of.js';
import type { EventName } from './event-proof.js';
import type { Fields } from './question.js';

/** Reads which event a proof is asked for: exactly one of `ordinal`, `id`, `position`. */
export function readEventName(fields: Fields): Read<EventName> {
  const given = (['ordinal', 'id', 'position'] as const).filter((name) => fields[name] !== undefined);
  const [name] = given;
  const text = name === undefined ? undefined : fields[name];
  if (name === undefined || typeof text !== 'string' || given.length > 1)
    return { problem: 'ordinal, id, position: name the event by exactly one of them' };
  if (name === 'id') return { value: { id: text } };
  if (!isCount(text)) return { problem: `${name}: "${text}" is not a whole number` };
  return { value: name === 'ordinal' ? { ordinal: Number(text) } : { position: text } };
}

/** Reads the event of a command line: `#41`, an event id, or a position. */
export function readEventWord(word: string): Read<EventName> {
  if (word.startsWith('#')) return readEventName({ ordinal: word.slice(1) });
  return readEventName(isCount(word) ? { position: word } : { id: word });
}

/** Reads a count of events, a number up to 2^53. */
export function readCount(name: string, text: unknown): Read<number> {
  if (typeof text === 'string' && isCount(text)) return { value: Number(text) };
  return { problem: `${name}: expected how many events, a whole number` };
}

const isCount = (text: string): boolean => /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
