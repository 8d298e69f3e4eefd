import { StoreError } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';

const retryAfterSeconds = '5';

/** What a publisher is told when the store cannot take events just now: nothing was stored, send the same again later. */
export function storeProblem(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  const headers = { 'retry-after': retryAfterSeconds };
  if (error.code === 'store-full') {
    return new ProblemError(507, 'storage-full', `Nothing was stored: ${error.message}`, {}, headers);
  }
  return new ProblemError(503, 'store-unavailable', `Nothing was stored: ${error.message}`, {}, headers);
}
