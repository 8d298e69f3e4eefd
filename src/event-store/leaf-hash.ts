import { hash } from 'node:crypto';
import { quoted } from './canonical-json.js';
import { sha256 } from './sha256.js';

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
export function leafHash(leaf: Leaf): Buffer {
  return sha256(leafInput(leaf));
}

/** What is hashed for a leaf: the zero byte and the RFC 8785 form of the event without its place. */
export function leafInput({ id, stream, type, data, metadata }: Leaf): string {
  // The five names are in canonical order as they stand here.
  return `\0{"data":${data},"id":${quoted(id)},"metadata":${metadata},"stream":${quoted(stream)},"type":${quoted(type)}}`;
}

/** Whether this input has this leaf hash, given as 64 upper-case hexadecimal digits (SQLite's `hex`). */
export function hasLeafHash(input: string, upperHex: string): boolean {
  return hash('sha256', input, 'hex').toUpperCase() === upperHex;
}
