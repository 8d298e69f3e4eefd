import { StoreError } from '../event-store.port.js';

/** The server did not answer within the deadline of the call. */
export class NoAnswer extends Error {
  constructor(what: string, deadlineMs: number) {
    super(`no answer to ${what} within ${deadlineMs} ms`);
    this.name = 'NoAnswer';
  }
}

/** The client's name for what went wrong, such as `unavailable` or `wrong-expected-version`. */
export function troubleOf(error: unknown): string | undefined {
  const type: unknown = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  return typeof type === 'string' ? type : undefined;
}

/** Where the stream is, when an append was refused for its revision: -1 for none; undefined for every other error. */
export function actualRevision(error: unknown): number | undefined {
  if (troubleOf(error) !== 'wrong-expected-version') return undefined;
  const actual: unknown =
    typeof error === 'object' && error !== null && 'actualVersion' in error && error.actualVersion;
  return typeof actual === 'bigint' ? Number(actual) : -1;
}

/** Errors that the same call would meet again, with what they mean here and the cure. */
const lasting: Readonly<Record<string, readonly [code: StoreError['code'], cure: string]>> = {
  'access-denied': ['store-unusable', 'Give the engine an account that may read and write its streams and read $all.'],
  'stream-deleted': [
    'store-corrupt',
    'A stream of the log was deleted on the server. Restore the server from a backup.',
  ],
  'maximum-append-size-exceeded': [
    'store-unusable',
    'Nothing of it was stored. Send fewer events at once, or raise MaxAppendSize of the server.',
  ],
  'invalid-argument': ['store-unusable', 'The server does not understand this client. Use a version from 21.10 on.'],
  unsupported: ['store-unusable', 'The server does not understand this client. Use a version from 21.10 on.'],
};

/** Whether the same call may well succeed later: a node that is gone, silent or not the leader, a connection that broke. */
export function passes(error: unknown): boolean {
  const type = troubleOf(error);
  return !(error instanceof StoreError) && (type === undefined || !Object.hasOwn(lasting, type));
}

/**
 * Turns what the client threw into a StoreError that names the server and the cure.
 * @param doing what was going on, as in "Reading from"
 */
export function asServerError(error: unknown, doing: string, server: string): StoreError {
  if (error instanceof StoreError) return error;
  const type = troubleOf(error);
  const [code, cure] = (type !== undefined && Object.hasOwn(lasting, type) ? lasting[type] : undefined) ?? [
    'store-unavailable',
    'Try again later; look at the server and the way to it when this lasts.',
  ];
  const what = error instanceof Error ? error.message : String(error);
  return new StoreError(code, `${doing} ${server} failed: ${what}${type === undefined ? '' : ` (${type})`}. ${cure}`, {
    cause: error,
  });
}
