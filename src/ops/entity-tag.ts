import { createHash } from 'node:crypto';

/** A tag of an answer that says the same whatever bytes it is sent in (RFC 9110 section 8.8.1). */
export function weakTag(value: unknown): string {
  return `W/"${digest(value)}"`;
}

/** True where If-None-Match names this tag: the client has what it would be sent (weak comparison, RFC 9110 section 13.1.2). */
function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const bare = tag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === bare);
}

/** What is needed of a Fastify reply. */
export interface TaggedReply {
  header(name: string, value: string): unknown;
  status(code: number): unknown;
}

/** The answer with its tag; nothing but 304 where the client has it already. */
export function tagged<Body>(body: Body, tag: string, known: string | undefined, reply: TaggedReply): Body | undefined {
  reply.header('etag', tag);
  reply.header('cache-control', 'private, no-cache');
  if (!isKnown(known, tag)) return body;
  reply.status(304);
  return undefined;
}

/** Of anything that JSON can say: the same value, the same 22 letters. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
