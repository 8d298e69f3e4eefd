import { StoreError } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';

const retryAfterSeconds = '5';

/** What a publisher is told when the store cannot take events just now: send the same again later. */
export function storeProblem(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  const headers = { 'retry-after': retryAfterSeconds };
  if (error.code === 'store-full') {
    return new ProblemError(507, 'storage-full', `Nothing was stored: ${error.message}`, {}, headers);
  }
  // A server that did not answer may have stored it all the same.
  const detail = error.code === 'store-unavailable' ? error.message : `Nothing was stored: ${error.message}`;
  return new ProblemError(503, 'store-unavailable', detail, {}, headers);
}
