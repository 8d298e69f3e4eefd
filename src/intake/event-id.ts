import { createHash } from 'node:crypto';

/** Namespace ID for URLs (RFC 9562 section 6.6). */
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** Events of one source come in a row. */
let latest = { source: '', namespace: uuidV5(urlNamespace, '') };

/** The id a publisher's event is stored under: the same `source` and `id` always give the same one. */
export function storedEventId(source: string, id: string): string {
  if (latest.source !== source) latest = { source, namespace: uuidV5(urlNamespace, source) };
  return uuidV5(latest.namespace, id);
}

/** The name-based UUID, version 5, of a name in a namespace (RFC 9562 section 5.5). */
export function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
