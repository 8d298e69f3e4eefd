/** The engine refused: a problem document (RFC 9457), or what came in its place. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** The end of the document's `type`, such as `missing-scope`. */
    readonly code: string,
    detail: string,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

/** Nothing answered: the engine is stopped, or the way to it is cut. */
export class Unreachable extends Error {
  constructor() {
    super('The engine does not answer.');
    this.name = 'Unreachable';
  }
}

interface Wanted {
  readonly method?: string;
  readonly body?: unknown;
  /** The ETag of what was seen: refused with 412 when somebody acted meanwhile. */
  readonly ifMatch?: string | undefined;
  /** The ETag of what is known already: where nothing changed the answer is a bare 304, which is no refusal. */
  readonly ifNoneMatch?: string | undefined;
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal;
}

/** Told whenever the engine no longer knows who is calling. */
let onSignedOut = (): void => {};
export const whenSignedOut = (told: () => void): void => void (onSignedOut = told);

/** Asks the engine; the session's cookie says who asks. Rejects with Problem, Unreachable, or the reason of an abort. */
export async function call(path: string, wanted: Wanted = {}): Promise<Response> {
  const { method = 'GET', body, ifMatch, ifNoneMatch, lastEventId, signal } = wanted;
  const headers: Record<string, string> = {};
  if (method !== 'GET') headers['x-portledger-csrf'] = '1';
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  if (ifNoneMatch !== undefined) headers['if-none-match'] = ifNoneMatch;
  if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
  const request = {
    method,
    headers,
    cache: 'no-store' as const,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  };
  const response = await fetch(path, request).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new Unreachable();
  });
  if (response.ok || (response.status === 304 && ifNoneMatch !== undefined)) return response;
  const problem = await problemOf(response);
  if (problem.status === 401) onSignedOut();
  throw problem;
}

/** As `call`, for an answer in JSON. */
export async function ask<Answer>(path: string, wanted: Wanted = {}): Promise<Answer> {
  const response = await call(path, wanted);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

export const post = <Answer>(path: string, body: unknown = {}, ifMatch?: string): Promise<Answer> =>
  ask<Answer>(path, { method: 'POST', body, ifMatch });

/** One sentence for the reader. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const { type = '', detail } = body as { readonly type?: string; readonly detail?: string };
  return new Problem(
    response.status,
    type.slice(type.lastIndexOf('/') + 1),
    detail ?? `The engine answered ${response.status}.`,
    body,
  );
}
