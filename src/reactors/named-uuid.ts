import { createHash } from 'node:crypto';

/** A UUID made of a name (RFC 9562 section 5.5), in a namespace of our reactors: who decides the same gives it the same id. */
export function namedUuid(name: string): string {
  const namespace = Buffer.from('5d8c6f0e4b1f5f7d9a3a0c1e7b2d4f60', 'hex');
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
