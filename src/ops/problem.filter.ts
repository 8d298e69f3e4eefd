import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { Log } from './log.js';
import { ProblemError, problemDocument, readProblem } from './problem.js';

/** What is needed of a Fastify reply. */
export interface Reply {
  readonly sent: boolean;
  header(name: string, value: string): Reply;
  status(code: number): Reply;
  send(body: unknown): unknown;
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'malformed-request',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'address-too-long',
  415: 'unsupported-media-type',
  431: 'headers-too-large',
};

/** Answers every failed request with a problem document, also those that Fastify refuses before a controller is asked. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(Log) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<{ readonly url: string; readonly method: string }>();
    const problem = asProblem(error);
    if (problem.status >= 500 && !(error instanceof ProblemError)) {
      this.log.error('request failed', { method: request.method, path: pathOf(request.url), error: describe(error) });
    }
    sendProblem(http.getResponse<Reply>(), problem, pathOf(request.url));
  }
}

/** Writes a problem as the answer of a Fastify request. */
export function sendProblem(reply: Reply, problem: ProblemError, instance: string): void {
  if (reply.sent) return;
  const { status, code, detail, extra, headers } = problem;
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(status, code, detail, { instance, ...extra })));
}

/** The problem an error means to a client; what went wrong inside stays inside. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const ofStore = readProblem(error);
  if (ofStore !== undefined) return ofStore;
  const status = statusOf(error);
  if (status === undefined || status >= 500) {
    return new ProblemError(500, 'internal-error', 'The engine failed to answer this request; its log says why.');
  }
  return new ProblemError(status, codeOfStatus[status] ?? 'refused', detailOf(status, (error as Error).message));
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : undefined;
}

function detailOf(status: number, message: string): string {
  if (status === 413) return 'The body is larger than 1 MiB. Send fewer events in a request.';
  return message;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
