import { createHash } from 'node:crypto';

/** What a leaf hash covers: the event without its place in the log, so that a copy of the log has the same leaves. */
export interface Leaf {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  /** RFC 8785 form of the data. */
  readonly data: string;
  /** RFC 8785 form of the metadata, `recordedAt` included. */
  readonly metadata: string;
}

/**
 * SHA-256(0x00 || RFC 8785 form of {id, stream, type, data, metadata}); the zero byte is the leaf prefix of RFC 6962
 * section 2.1, which keeps a leaf from being passed off as an inner node of a Merkle tree.
 */
export function leafHash({ id, stream, type, data, metadata }: Leaf): Buffer {
  // The five names are in canonical order as they stand here.
  const text = `{"data":${data},"id":${JSON.stringify(id)},"metadata":${metadata},"stream":${JSON.stringify(stream)},"type":${JSON.stringify(type)}}`;
  return createHash('sha256').update(`\0${text}`, 'utf8').digest();
}
