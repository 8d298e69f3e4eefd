import { hash } from 'node:crypto';

/** The URL name space of RFC 9562 section 6.6. */
export const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

const namespaces = new Map<string, Buffer>();

/** A name-based UUID, version 5 (RFC 9562 section 5.5): the same name always gives the same id. */
export function uuidV5(namespace: string, name: string): string {
  const hex = hash('sha1', Buffer.concat([bytesOf(namespace), Buffer.from(name, 'utf8')]), 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

/** The bytes of a name space; there are a handful, one for each source of events. */
function bytesOf(namespace: string): Buffer {
  const known = namespaces.get(namespace);
  if (known !== undefined) return known;
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (namespaces.size < 256) namespaces.set(namespace, bytes);
  return bytes;
}
