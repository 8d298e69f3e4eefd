import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { problemDocument } from './problem.js';

const policy = (more = ''): string =>
  `default-src 'self';${more} base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'`;

/** What every answer carries, whatever it is: nothing of another site runs in it, frames it, or guesses what it is. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy(),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page of the API brings styles and pictures inside its own text; scripts it loads from here like any other. */
const docsPolicy = policy(" style-src 'self' 'unsafe-inline'; img-src 'self' data:;");

/** What can be given a header, of HTTP/1.1 or 2. */
export interface AnswerHead {
  setHeader(name: string, value: string): unknown;
}

/** Sets the headers on an answer before anything is written, also on one that is then taken over by a stream. */
export function setAnswerHeaders(path: string, answer: AnswerHead): void {
  for (const [name, value] of Object.entries(answerHeaders)) answer.setHeader(name, value);
  if (/^\/docs($|[/?])/.test(path)) answer.setHeader('content-security-policy', docsPolicy);
}

const ofParser: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The headers are larger than 8 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout', 'The request did not arrive in time.'],
};

/** Answers what is not HTTP, too large or too slow, before there is a request to answer. */
export function refuseConnection(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const malformed = [400, 'malformed-request', 'This is not a request of HTTP/1.1.'] as const;
  const [status, code, detail] = ofParser[error.code ?? ''] ?? malformed;
  const body = JSON.stringify(problemDocument(status, code, detail));
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...answerHeaders,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
