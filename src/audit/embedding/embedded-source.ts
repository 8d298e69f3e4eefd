import { formatIpv4, type Ipv4Address, type Ipv6Address, wordsOf } from '../../../events/index.js';
import { networkOf, type SourceEmbedding } from '../../config/source-embedding.js';

/** The IPv4 source that an IPv6 address carries. */
export interface EmbeddedSource {
  /** In which the address lies. */
  readonly prefix: string;
  readonly address: Ipv4Address;
  /** Absent where the prefix embeds none. */
  readonly port?: number;
}

/** What an address carries by the first of these prefixes in which it lies; undefined where it lies in none. */
export function embeddedSource(
  address: Ipv6Address,
  embeddings: readonly SourceEmbedding[],
): EmbeddedSource | undefined {
  const found = embeddings.find(({ network, length }) => networkOf(address, length) === network);
  if (found === undefined) return undefined;
  const prefix = `${found.network}/${found.length}`;
  const [, , third, fourth] = wordsOf(address);
  if (found.length === 96) return { prefix, address: formatIpv4(fourth) };
  return { prefix, address: formatIpv4(((third << 16) | (fourth >>> 16)) >>> 0), port: fourth & 0xffff };
}
