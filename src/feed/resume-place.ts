import type { EventStore } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';
import { comparePositions, fromTheStart, isPosition } from './position.js';

/**
 * The ordinal of the last event up to a position that a client names to resume after; -1 for `start`, undefined for none.
 * Throws a ProblemError (400) for a position behind the end of the log, which is of another log: waiting for it would look
 * like silence.
 */
export async function ordinalUpTo(
  store: Pick<EventStore, 'head' | 'readAll'>,
  after: string | undefined,
): Promise<number | undefined> {
  if (after === undefined) return undefined;
  if (after === fromTheStart) return -1;
  const head = isPosition(after) ? await store.head() : undefined;
  if (head === undefined || comparePositions(after, head.position) > 0) {
    const detail = `after: "${after.slice(0, 40)}" is no position of this log; pass an id that this stream gave, or ${fromTheStart}.`;
    throw new ProblemError(400, 'unknown-position', detail);
  }
  const [next] = after === head.position ? [] : (await store.readAll({ after, limit: 1 })).events;
  return next === undefined ? head.ordinal : next.ordinal - 1;
}
