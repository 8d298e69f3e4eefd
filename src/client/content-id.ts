import { createHash } from 'node:crypto';

/**
 * As `id` of a fact: make it from what the fact says. For a billing system that has no number for each change: whoever tells
 * the same again after a crash tells it with the same id. Two facts that say the same of the same instant are then one.
 * A name in another spelling, such as a MAC with capitals, makes another id.
 */
export const idFromContent: unique symbol = Symbol('id from content');

/** The id a fact gets from its content: the same text for the same type, instant and data, whatever the order of the fields. */
export function contentId(type: string, time: string, data: object): string {
  return `content-${createHash('sha256')
    .update(JSON.stringify([type, instantOf(time), sorted(data)]))
    .digest('base64url')}`;
}

/** One spelling for one instant, in ms as the engine keeps it; what is none is for the engine to refuse. */
function instantOf(time: string): string {
  const instant = new Date(time);
  return Number.isNaN(instant.getTime()) ? time : instant.toISOString();
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(fields)
      .sort()
      .map((name) => [name, fields[name]]),
  );
}
