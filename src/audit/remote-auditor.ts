import { spellAsOf } from './as-of.js';
import type { Auditor, Explained, Outcome, WhoHadAnswer } from './audit.js';
import type { MapAnswer } from './map-answer.js';
import type { MapQuestion, SubjectQuestion } from './question.js';

/** An engine that did not answer as asked: unreachable, or a problem document. */
export class EngineProblem extends Error {
  constructor(
    /** HTTP status; undefined when no answer came. */
    readonly status: number | undefined,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'EngineProblem';
  }
}

const timeoutMs = 120_000;

/** Asks a running engine over HTTP; rejects with EngineProblem. */
export class RemoteAuditor implements Auditor {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async map({ filters, page, ...asOf }: MapQuestion): Promise<MapAnswer> {
    return (await this.get('/v1/map', { ...filters, ...page, ...spellAsOf(asOf) })) as MapAnswer;
  }

  whoHad(question: SubjectQuestion): Promise<Outcome<WhoHadAnswer>> {
    return this.ask('/v1/audit/who-had', question);
  }

  explain(question: SubjectQuestion): Promise<Outcome<Explained>> {
    return this.ask('/v1/audit/explain', question);
  }

  private async ask<Answer>(path: string, { text, ...asOf }: SubjectQuestion): Promise<Outcome<Answer>> {
    try {
      return { outcome: 'answered', answer: (await this.get(path, { subject: text, ...spellAsOf(asOf) })) as Answer };
    } catch (error) {
      if (!(error instanceof EngineProblem)) throw error;
      if (error.code === 'subject-unknown') return { outcome: 'unknown', detail: error.message };
      if (error.code === 'subject-ambiguous') return { outcome: 'ambiguous', detail: error.message };
      throw error;
    }
  }

  private async get(path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<unknown> {
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    let response: Response;
    try {
      response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    } catch (error) {
      throw new EngineProblem(undefined, 'unreachable', unreachable(url, error));
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && body !== undefined) return body;
    throw problemOf(response, body, url);
  }
}

function unreachable(url: URL, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return `No engine answers at ${url.origin} (${cause}). Start it with: npm start, name it with --url, or read its data directory with --data DIR.`;
}

function problemOf(response: Response, body: unknown, url: URL): EngineProblem {
  const { type, detail } = (body ?? {}) as { readonly type?: unknown; readonly detail?: unknown };
  const code = typeof type === 'string' ? (type.split('/').at(-1) ?? '') : '';
  const text = typeof detail === 'string' ? detail : `${url.origin} answered ${response.status} to ${url.pathname}.`;
  const cure = response.status === 401 ? ' Name a token with --token-file FILE.' : '';
  return new EngineProblem(response.status, code, `${text}${cure}`);
}
