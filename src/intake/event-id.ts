import { hash } from 'node:crypto';

/** Namespace ID for URLs (RFC 9562 section 6.6). */
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** Holds what is hashed, namespace first; a name longer than a CloudEvents attribute may be gets a buffer of its own. */
const scratch = Buffer.alloc(16 + 3 * 256);

/** Events of one source come in a row. */
let latest = { source: '', namespaceBytes: bytesOf(uuidV5(urlNamespace, '')) };

/** The id a publisher's event is stored under: the same `source` and `id` always give the same one. */
export function storedEventId(source: string, id: string): string {
  if (latest.source !== source) latest = { source, namespaceBytes: bytesOf(uuidV5(urlNamespace, source)) };
  return nameIn(latest.namespaceBytes, id);
}

/** The name-based UUID, version 5, of a name in a namespace (RFC 9562 section 5.5). */
export function uuidV5(namespace: string, name: string): string {
  return nameIn(bytesOf(namespace), name);
}

function nameIn(namespaceBytes: Buffer, name: string): string {
  const most = 16 + 3 * name.length;
  const input = most <= scratch.length ? scratch : Buffer.alloc(most);
  input.set(namespaceBytes);
  const hex = hash('sha1', input.subarray(0, 16 + input.write(name, 16)), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const [low, mid, high, rest] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)];
  return `${low}-${mid}-5${high}-${variant}${rest}-${hex.slice(20, 32)}`;
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
