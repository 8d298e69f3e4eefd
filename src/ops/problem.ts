import { STATUS_CODES } from 'node:http';

const typeBase = 'https://portledger.dev/problems/';

/** A problem document (RFC 9457) with the members of its own that a problem type adds. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly [member: string]: unknown;
}

/** An HTTP request that cannot be served as asked; rendered as `application/problem+json`. */
export class ProblemError extends Error {
  /**
   * @param code stable name of the problem, kebab-case; becomes the end of `type`
   * @param detail what happened, to which object, what was expected and the cure
   * @param extra further members of the document
   * @param headers HTTP headers of the answer, such as `Retry-After`
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
  }
}

/** The document of a problem; `instance` is the path of the request that met it. */
export function problemDocument(
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): ProblemDocument {
  return { type: `${typeBase}${code}`, title: titleOf(status, code), status, detail, ...more };
}

const retryAfterSeconds = '5';

/**
 * What a client is told when the log cannot be read just now: 507 for a full disk, else 503, both to be asked again later.
 * Undefined for any other error. Goes by the name StoreError, for this room does not know the store's.
 */
export function readProblem(error: unknown): ProblemError | undefined {
  return storeProblem(error, () => 'The log does not answer just now; ask again later.');
}

/** As `readProblem`, for a client that wanted something stored: says whether it may be stored all the same. */
export function writeProblem(error: unknown): ProblemError | undefined {
  return storeProblem(error, (code) =>
    code === 'store-unavailable' ? 'It may be stored or not; send the same again.' : 'Nothing was stored.',
  );
}

function storeProblem(error: unknown, outcome: (code: unknown) => string): ProblemError | undefined {
  if (!(error instanceof Error) || error.name !== 'StoreError') return undefined;
  const cause = (error as { code?: unknown }).code;
  const [status, code] =
    cause === 'store-full' ? ([507, 'storage-full'] as const) : ([503, 'store-unavailable'] as const);
  const detail = `${outcome(cause)} ${error.message}`;
  return new ProblemError(status, code, detail, {}, { 'retry-after': retryAfterSeconds });
}

function titleOf(status: number, code: string): string {
  const words = code.replaceAll('-', ' ');
  return words === '' ? (STATUS_CODES[status] ?? 'Error') : `${words[0]?.toUpperCase()}${words.slice(1)}`;
}
