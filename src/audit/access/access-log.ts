import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventData, formatInstant } from '../../../events/index.js';
import { type EventStore, type NewEvent, urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';
import type { Log } from '../../ops/log.js';
import { boundedText } from './bounded-text.js';

export const accessStream = 'access';
const source = 'urn:portledger:access';
const longestText = 256;
const mostWaiting = 1_000;
const mostAtOnce = 100;
const tryAgainMs = 5_000;

type AccessType = 'SignedIn' | 'SignInRefused' | 'TokenRefused' | 'SessionEnded' | 'UserChanged' | 'TokenChanged';

/** What happened at the door; texts come from outside. */
export type NewAccess = { [Type in AccessType]: { readonly type: Type; readonly data: EventData<Type> } }[AccessType];

/**
 * Writes down who was let in, who was refused, and what changed of who may call. While the log takes nothing it waits here, up
 * to a limit: nobody is kept out for that, because people who sign in then come to mend it. The log lines of the engine
 * have it meanwhile.
 */
export class AccessLog {
  private readonly waiting: NewEvent[] = [];
  private writing = Promise.resolve();
  private isWriting = false;
  private retry: NodeJS.Timeout | undefined;
  private lost = 0;

  constructor(
    private readonly store: Pick<EventStore, 'appendMany'>,
    private readonly log: Pick<Log, 'warn' | 'info'>,
    private readonly now: () => number = Date.now,
    /** Nobody waits longer for the log, ms. */
    private readonly patienceMs = 2_000,
  ) {}

  /** Resolves once it is stored, or when the log takes nothing just now. Never rejects. */
  async record(news: NewAccess, at = this.now()): Promise<void> {
    if (this.waiting.length >= mostWaiting) {
      this.lost++;
      return;
    }
    this.waiting.push(eventOf(news, at));
    await this.write();
  }

  /** Events that the log has not taken yet. */
  get size(): number {
    return this.waiting.length;
  }

  /** Tries once more to store what waits. */
  async close(): Promise<void> {
    await this.write();
    clearTimeout(this.retry);
    if (this.waiting.length > 0) this.log.warn('accesses not recorded', { lost: this.waiting.length + this.lost });
  }

  private async write(): Promise<void> {
    const patience = new AbortController();
    if (!this.isWriting) this.writing = this.drain();
    const tooLong = sleep(this.patienceMs, undefined, { signal: patience.signal, ref: false }).catch(() => undefined);
    await Promise.race([this.writing, tooLong]);
    patience.abort();
  }

  private async drain(): Promise<void> {
    this.isWriting = true;
    try {
      while (this.waiting.length > 0) {
        const some = this.waiting.slice(0, mostAtOnce);
        // One append each: what was stored when an answer went missing is a duplicate then, and no conflict.
        await this.store.appendMany(some.map((one) => ({ stream: accessStream, expected: 'any', events: [one] })));
        this.waiting.splice(0, some.length);
      }
      if (this.lost > 0) this.log.warn('accesses not recorded', { lost: this.lost });
      this.lost = 0;
    } catch (error) {
      this.tryAgainLater(error);
    } finally {
      this.isWriting = false;
    }
  }

  private tryAgainLater(error: unknown): void {
    if (this.retry !== undefined) return;
    const { code, name } = error as { readonly code?: string; readonly name?: string };
    this.log.warn('access not recorded yet', { waiting: this.waiting.length, code: code ?? name });
    this.retry = setTimeout(() => {
      this.retry = undefined;
      void this.write();
    }, tryAgainMs).unref();
  }
}

function eventOf({ type, data }: NewAccess, at: number): NewEvent {
  const sourceId = randomUUID();
  return {
    id: uuidV5(uuidV5(urlNamespace, source), sourceId),
    type,
    data: boundedData(data),
    metadata: { source, sourceId, schemaVersion: 1, time: formatInstant(at) },
  };
}

/** An event that could not be read would freeze the stream. */
function boundedData(data: object): object {
  const texts = (value: unknown): unknown => (typeof value === 'string' ? boundedText(value, longestText) : value);
  const fields = Object.entries(data).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? value.map(texts) : texts(value)]),
  );
}
