import { byteAt } from './frame-bytes.js';
import type { FrameFields } from './frame-fields.js';
import { type OptionFields, optionFormats } from './nd-option-formats.js';

/** One option of an ND message (RFC 4861 section 4.6), as far as it can be read. */
export interface NdOption {
  readonly type: number;
  /** Bytes it says that it has, its type and length included: a multiple of 8. */
  readonly length: number;
  /** Of types that are known. */
  readonly name?: string;
  /** What it says, for the common types; text from the wire is escaped. */
  readonly fields?: OptionFields;
  /** Why hosts do not use it. Nothing is read behind one whose length cannot be right. */
  readonly problem?: string;
}

/**
 * The options of the frame that `fields` were read from, in their order; undefined where it is no ND message that
 * reaches to its options. Never throws, never reads outside the message. For people only: what is judged needs one
 * option, which `readNd` finds without memory for any.
 */
export function ndOptions(bytes: Uint8Array, { options, messageEnd }: FrameFields): readonly NdOption[] | undefined {
  if (options < 0) return undefined;
  const found: NdOption[] = [];
  for (let at = options; at < messageEnd;) {
    const type = byteAt(bytes, at);
    const left = messageEnd - at;
    const named = { type, ...nameOf(type) };
    if (left === 1) {
      found.push({ ...named, length: 1, problem: 'cut short before its length' });
      break;
    }
    const length = byteAt(bytes, at + 1) * 8;
    if (length === 0 || length > left) {
      found.push({ ...named, length, problem: length === 0 ? 'length 0' : `only ${left} bytes left` });
      break;
    }
    found.push({ ...named, length, ...saidBy(bytes, type, at, length) });
    at += length;
  }
  return found;
}

function nameOf(type: number): Pick<NdOption, 'name'> {
  const format = optionFormats.get(type);
  return format === undefined ? {} : { name: format.name };
}

function saidBy(bytes: Uint8Array, type: number, at: number, length: number): Pick<NdOption, 'fields' | 'problem'> {
  const format = optionFormats.get(type);
  if (format?.read === undefined) return {};
  const said = format.read(bytes, at, length);
  return typeof said === 'string' ? { problem: said } : { fields: said };
}

/** For a line of text: `mtu 1500`, `rdnss servers 2001:db8::53, lifetimeSeconds 600`, `option 200 of 16 bytes`. */
export function ndOptionText({ type, length, name, fields, problem }: NdOption): string {
  if (problem !== undefined) return `${name ?? 'option'} ${type} of ${length} bytes: ${problem}`;
  if (name === undefined) return `option ${type} of ${length} bytes`;
  if (fields === undefined) return `${name} of ${length} bytes`;
  const said = Object.entries(fields).map(([field, value]) => {
    const text = Array.isArray(value) ? value.join(' ') : String(value);
    return field === name ? text : `${field} ${text}`;
  });
  return `${name} ${said.join(', ')}`;
}
