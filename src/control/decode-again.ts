import { Worker } from 'node:worker_threads';
import type { StoredEvent } from '../../events/index.js';
import type { FrozenStream } from '../../projections/index.js';
import { type NamedEvent, named } from './parked.js';

const patienceMs = 15_000;

/** What the code that is installed now makes of a frozen stream. Nothing is changed by asking. */
export interface RetryAnswer {
  readonly stream: string;
  /** Absent where that code parks nothing to begin with: a log that no engine runs on is folded with it anyway. */
  readonly parked?: NamedEvent;
  readonly readable: boolean;
  /** Why it cannot be read, still. */
  readonly reason?: string;
  /** Held events that follow it, up to the next one that cannot be read. */
  readonly follow: number;
  readonly held: number;
  /** The held event that would be parked next. */
  readonly parkedNext?: { readonly event: NamedEvent; readonly reason: string };
}

/** The installed code cannot be asked. */
export class InstalledCodeError extends Error {
  constructor(why: string) {
    super(
      `The installed code cannot decode events (${why}). Install portledger anew; the running engine is not touched.`,
    );
    this.name = 'InstalledCodeError';
  }
}

/** Reads the parked event and those held behind it with the code that is installed now. Rejects with InstalledCodeError. */
export async function retryParked({ stream, parked, held }: FrozenStream): Promise<RetryAnswer> {
  const [reason, ...reasons] = await decodeAgain([parked, ...held]);
  if (typeof reason === 'string')
    return { stream, parked: named(parked), readable: false, reason, follow: 0, held: held.length };
  const index = reasons.findIndex((one) => typeof one === 'string');
  const [next, why] = [held[index], reasons[index]];
  const answer = { stream, parked: named(parked), readable: true, held: held.length };
  if (next === undefined || typeof why !== 'string') return { ...answer, follow: held.length };
  return { ...answer, follow: index, parkedNext: { event: named(next), reason: why } };
}

/** For each event why it cannot be read, or null. */
function decodeAgain(events: readonly StoredEvent[]): Promise<readonly (string | null)[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./decode-again.worker.js', import.meta.url), { workerData: events });
    const fail = (why: string): void => reject(new InstalledCodeError(why));
    const timer = setTimeout(() => {
      fail(`no answer within ${patienceMs / 1000} s`);
      void worker.terminate();
    }, patienceMs);
    worker.on('message', resolve);
    worker.on('error', (error) => fail(error.message));
    worker.on('exit', () => {
      clearTimeout(timer);
      fail('it ended without an answer');
    });
  });
}
