import type { FrozenStream } from '../../projections/index.js';
import { LogFold } from '../../projections/index.js';
import { CliError, type CommandInput, exitCode } from '../cli/command.js';
import { EngineClient, problemOf } from '../cli/engine-client.js';
import { givenPlace, type LogDoors, type LogPlace } from '../cli/log-place.js';
import { type EventStore, StoreError } from '../event-store/event-store.port.js';
import { type RetryAnswer, retryParked } from './decode-again.js';
import { type ParkedDetail, parkedDetail, type ParkedStream, parkedStream } from './parked.js';
import { type FoldedLog, type SkipOrder, skipParked, type SkipOutcome, type Skipped } from './skip-parked.js';

/** Where the verbs about parked events are answered: a running engine, or a log that no engine runs on. */
export interface ParkedDesk {
  list(): Promise<readonly ParkedStream[]>;
  show(stream: string): Promise<ParkedDetail>;
  retry(stream: string): Promise<RetryAnswer>;
  skip(order: SkipOrder): Promise<Skipped>;
  /** Whether a running engine must be started again to fold what mended code can read. */
  readonly isEngine: boolean;
}

/** The log that --data or --config names, else the running engine. */
export function deskOf({ options, io }: CommandInput, doors: LogDoors): ParkedDesk {
  const place = givenPlace(options);
  return place === undefined ? new EngineDesk(EngineClient.from(options, io)) : new LogDesk(place, doors);
}

class EngineDesk implements ParkedDesk {
  readonly isEngine = true;

  constructor(private readonly engine: EngineClient) {}

  async list(): Promise<readonly ParkedStream[]> {
    return ((await this.engine.get('/v1/parked')) as { streams: ParkedStream[] }).streams;
  }

  async show(stream: string): Promise<ParkedDetail> {
    return (await this.engine.get(pathOf(stream))) as ParkedDetail;
  }

  async retry(stream: string): Promise<RetryAnswer> {
    return (await this.post(`${pathOf(stream)}/retry`, {})) as RetryAnswer;
  }

  async skip({ stream, eventId, reason }: SkipOrder): Promise<Skipped> {
    return (await this.post(`${pathOf(stream)}/skip`, { eventId, reason })) as Skipped;
  }

  private async post(path: string, body: object): Promise<unknown> {
    const request = { method: 'POST', contentType: 'application/json', body: JSON.stringify(body) } as const;
    const answer = await this.engine.request(path, request);
    if (answer.status >= 400) throw problemOf(answer);
    return answer.body;
  }
}

class LogDesk implements ParkedDesk {
  readonly isEngine = false;

  constructor(
    private readonly place: LogPlace,
    private readonly doors: LogDoors,
  ) {}

  list(): Promise<readonly ParkedStream[]> {
    return this.reading((fold) => fold.frozenStreams().map(parkedStream));
  }

  show(stream: string): Promise<ParkedDetail> {
    return this.reading((fold) => parkedDetail(find(fold, stream)));
  }

  retry(stream: string): Promise<RetryAnswer> {
    return this.reading(async (fold, store) => {
      const isThere = (await store.readStream(stream, { limit: 1 })).events.length > 0;
      const isFrozen = fold.frozenStreams().some((one) => one.stream === stream);
      if (isThere && !isFrozen) return { stream, readable: true, follow: 0, held: 0 };
      return retryParked(find(fold, stream));
    });
  }

  async skip(order: SkipOrder): Promise<Skipped> {
    const store = await this.doors.openStore(this.place).catch((error: unknown) => {
      throw engineRuns(error);
    });
    try {
      const fold = await StoredFold.of(store);
      find(fold, order.stream);
      const outcome = await skipParked(store, fold, order);
      if (outcome.outcome === 'skipped') return outcome.done;
      throw refusal(order, outcome);
    } finally {
      await store.close();
    }
  }

  private async reading<Answer>(
    answer: (fold: StoredFold, store: EventStore) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const store = await this.doors.openReader(this.place);
    try {
      return await answer(await StoredFold.of(store), store);
    } finally {
      await store.close();
    }
  }
}

/** A log folded here, by the same code as the engine's map. */
class StoredFold implements FoldedLog {
  private readonly fold = new LogFold();
  private after: string | undefined;

  private constructor(private readonly store: Pick<EventStore, 'readAll'>) {}

  static async of(store: Pick<EventStore, 'readAll'>): Promise<StoredFold> {
    const fold = new StoredFold(store);
    await fold.catchUp();
    return fold;
  }

  frozenStreams(): readonly FrozenStream[] {
    return this.fold.frozenStreams();
  }

  async reached(ordinal: number): Promise<boolean> {
    if (this.fold.ordinal < ordinal) await this.catchUp();
    return this.fold.ordinal >= ordinal;
  }

  private async catchUp(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.store.readAll(this.after === undefined ? {} : { after: this.after });
      for (const event of page.events) this.fold.fold(event);
      this.after = page.events.at(-1)?.position ?? this.after;
      more = page.next !== undefined;
    }
  }
}

function find(fold: StoredFold, stream: string): FrozenStream {
  const found = fold.frozenStreams().find((one) => one.stream === stream);
  if (found !== undefined) return found;
  const known = fold.frozenStreams().map((one) => one.stream);
  const list = known.length === 0 ? 'no stream is frozen' : `frozen are ${known.slice(0, 5).join(', ')}`;
  throw new CliError(exitCode.notFound, `Nothing is parked in ${stream}; ${list}.`);
}

function refusal({ stream, eventId }: SkipOrder, outcome: Exclude<SkipOutcome, { outcome: 'skipped' }>): CliError {
  switch (outcome.outcome) {
    case 'malformed':
      return new CliError(exitCode.usage, `--${outcome.detail.replace('eventId', 'confirm')}.`);
    case 'other-parked': {
      const { parked, reason } = outcome.parked;
      const detail = `The event parked in ${stream} is ${parked.id} (${reason}), not ${eventId}: look at it before you skip it.`;
      return new CliError(exitCode.conflict, detail);
    }
    case 'not-frozen':
    case 'busy':
      return new CliError(exitCode.conflict, `${stream} was changed meanwhile: look at it again.`);
  }
}

function engineRuns(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.code !== 'store-locked') return error;
  const cure = 'To skip through that engine leave out --data, and name it with --url and --token-file.';
  return new CliError(exitCode.conflict, `${error.message} ${cure}`);
}

const pathOf = (stream: string): string => `/v1/parked/${encodeURIComponent(stream)}`;
