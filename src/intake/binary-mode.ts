import { attributeTrouble } from './cloud-event.js';
import { type FieldError, refuse, type Refusal } from './refusal.js';

/** HTTP headers by lower-case name, each with every value it was given. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

const prefix = 'ce-';
/** In binary mode these two are the body and its Content-Type, and no header may say otherwise. */
const notAsHeader = new Set(['data', 'datacontenttype']);

/**
 * True when the event's attributes are in the headers (CloudEvents 1.0.2, HTTP binding section 3.1). A media type of
 * CloudEvents' own says that they are in the body, and then the body alone counts (section 3.2.3 lets a sender repeat them).
 */
export function isBinaryMode(mediaType: string | undefined, headers: DistinctHeaders): boolean {
  if (mediaType?.startsWith('application/cloudevents')) return false;
  return Object.keys(headers).some((name) => name.startsWith(prefix));
}

/** The event that headers and body make, as structured mode would spell it; the data is not looked at yet. */
export function eventOfHeaders(
  headers: DistinctHeaders,
  contentType: string | undefined,
  data: unknown,
): Record<string, unknown> | Refusal {
  const attributes = new Map<string, string>();
  const errors: FieldError[] = [];
  const fault = (name: string, detail: string): void => {
    errors.push({ pointer: `/${name}`, header: `${prefix}${name}`, detail });
  };
  for (const [header, values = []] of Object.entries(headers)) {
    if (!header.startsWith(prefix)) continue;
    const name = header.slice(prefix.length);
    const [value = '', ...more] = values;
    const decoded = more.length > 0 ? undefined : decodeHeader(value);
    if (notAsHeader.has(name)) fault(name, 'not sent as a header: the body is the data, Content-Type its type');
    else if (more.length > 0) fault(name, `given ${values.length} times, expected once`);
    else if (decoded === undefined)
      fault(name, 'expected printable ASCII, everything else percent-encoded as UTF-8 (HTTP binding 3.1.3.2)');
    else attributes.set(name, decoded);
  }
  const isSpoilt = (name: string): boolean => errors.some(({ header }) => header === `${prefix}${name}`);
  for (const name of new Set([...requiredHeaders, ...attributes.keys()])) {
    const trouble = isSpoilt(name) ? undefined : attributeTrouble(name, attributes.get(name));
    if (trouble !== undefined) fault(name, trouble);
  }
  const [first] = errors;
  if (first !== undefined) return refuse(400, 'malformed-event', `${first.header}: ${first.detail}`, errors);
  return {
    ...Object.fromEntries(attributes),
    ...(contentType === undefined ? {} : { datacontenttype: contentType }),
    data,
  };
}

const requiredHeaders = ['specversion', 'type', 'source', 'id', 'subject', 'time'];

/**
 * The text of an attribute (HTTP binding section 3.1.3.2): quoted strings are unquoted (RFC 7230 section 3.2.6), then
 * percent-decoded once. Undefined for what is no such text.
 */
export function decodeHeader(value: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(value)) return undefined;
  const unquoted = value.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1'));
  const isQuotedRight = !value.replace(/"(?:[^"\\]|\\.)*"/g, '').includes('"');
  if (!isQuotedRight || /%(?![0-9A-Fa-f]{2})/.test(unquoted)) return undefined;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    return undefined; // Not the UTF-8 of any text.
  }
}
