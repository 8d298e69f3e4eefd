import type { StoredEvent } from '../../../events/index.js';
import { type AppendOutcome, type AppendRequest, StoreError } from '../event-store.port.js';
import { Backoff } from './backoff.js';
import type { ServerConnection } from './client.js';
import { actualRevision, asServerError, passes } from './errors.js';
import { idBytes, type IndexRow, type LogIndex } from './log-index.js';
import type { StreamNames } from './names.js';
import type { ServerPages } from './pages.js';
import { planAppends, prepared, type PreparedAppend, proposedRecord, type Run, type Step } from './plan.js';
import { Sightings, type Watch } from './sightings.js';

export interface AppenderParts {
  readonly connection: ServerConnection;
  readonly names: StreamNames;
  readonly index: LogIndex;
  readonly pages: ServerPages;
  readonly server: string;
  readonly deadlineMs: number;
  readonly now: () => number;
  /** Resolves when the index has all that was on the server at the start; rejects when that takes too long. */
  readonly ready: () => Promise<void>;
}

/** Appends that are tried together. */
const mostTogether = 500;
/** After so many deadlines without success an append is given up. */
const patience = 3;

interface Item {
  readonly append: PreparedAppend;
  /** It was sent, and nobody knows what became of it. */
  inDoubt: boolean;
  /** The server was asked where the stream is. */
  asked: boolean;
  end: { readonly outcome: AppendOutcome } | { readonly error: StoreError } | undefined;
}

interface Call {
  readonly items: readonly Item[];
  readonly resolve: (outcomes: AppendOutcome[]) => void;
  readonly reject: (error: Error) => void;
}

type RunEnd =
  | { readonly end: 'stored' }
  /** The index, or a second try, will tell. */
  | { readonly end: 'again'; readonly inDoubt: boolean; readonly why: unknown }
  | { readonly end: 'failed'; readonly error: StoreError };

/**
 * Appends in groups. What comes while one group is under way makes up the next, and a group is stamped when it starts:
 * so `recordedAt` never decreases. Every try carries the same ids and an exact revision, and an append is answered when
 * its events have come back through the subscription, whatever the server answered.
 */
export class Appender {
  private readonly sightings = new Sightings();
  private readonly closing = new AbortController();
  private waiting: Call[] = [];
  private running = false;
  /** Milliseconds since 1970: no later event is stamped earlier. */
  private latest: number | undefined;
  private failing = false;

  constructor(private readonly parts: AppenderParts) {}

  /** Whether the last group could not be stored for the server's sake. */
  get isFailing(): boolean {
    return this.failing;
  }

  append(requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    const items = requests.map((request) => {
      const append = prepared(request, (id) => idBytes(id) !== undefined);
      return { append, inDoubt: false, asked: false, end: undefined };
    });
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject });
      void this.run();
    });
  }

  /** Takes what came through the subscription. */
  note(events: readonly StoredEvent[]): void {
    const newest = Date.parse(events.at(-1)?.metadata.recordedAt ?? '');
    if (this.latest !== undefined && newest > this.latest) this.latest = newest;
    this.sightings.note(events);
  }

  close(): void {
    this.closing.abort();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.waiting.length > 0) {
      const calls = this.takeCalls();
      await this.settle(calls.flatMap(({ items }) => items));
      for (const call of calls) this.answer(call);
    }
    this.running = false;
  }

  private takeCalls(): Call[] {
    let count = 0;
    const fits = this.waiting.findIndex(({ items }) => (count += items.length) > mostTogether && count > items.length);
    return this.waiting.splice(0, fits < 0 ? this.waiting.length : fits);
  }

  private answer({ items, resolve, reject }: Call): void {
    const outcomes: AppendOutcome[] = [];
    for (const { end } of items) {
      if (end === undefined) return reject(this.givenUp(undefined));
      if ('error' in end) return reject(end.error);
      outcomes.push(end.outcome);
    }
    resolve(outcomes);
  }

  /** Gives every item its end. Never rejects. */
  private async settle(items: Item[]): Promise<void> {
    const watch = this.sightings.watch(items.flatMap(({ append }) => append.events.map(({ id }) => id)));
    let why: unknown;
    try {
      await this.parts.ready();
      const until = performance.now() + patience * this.parts.deadlineMs;
      const recordedAt = await this.stamp();
      const backoff = new Backoff(20, 500);
      let open = items;
      for (;;) {
        why = await this.tryOnce(open, recordedAt, watch);
        open = open.filter(({ end }) => end === undefined);
        if (open.length === 0 || performance.now() > until || this.closing.signal.aborted) break;
        await backoff.pause(this.closing.signal);
      }
    } catch (error) {
      why = error;
    } finally {
      watch.close();
    }
    for (const item of items) item.end ??= { error: this.givenUp(why) };
    this.failing = items.some(
      ({ end }) => end !== undefined && 'error' in end && end.error.code === 'store-unavailable',
    );
  }

  /** One round over what is open, in order. Returns why something stayed open. */
  private async tryOnce(open: readonly Item[], recordedAt: string, watch: Watch): Promise<unknown> {
    const { index, deadlineMs } = this.parts;
    const arriving = open.filter((item) => item.inDoubt && this.isArriving(item));
    // All of it is stored, so the rest is about to come.
    if (arriving.length > 0) await watch.until(() => !arriving.some((item) => this.isArriving(item)), deadlineMs);
    const steps = planAppends(
      open.map(({ append }) => append),
      { revisionOf: (stream) => index.revisionOf(stream), streamOf: (id) => index.byId(id)?.stream },
    );
    const runs = new Map<Run, Promise<RunEnd>>();
    for (const step of steps)
      if (step.step === 'send' && !runs.has(step.run)) runs.set(step.run, this.send(step.run, recordedAt, watch));
    const ends = new Map<Run, RunEnd>();
    for (const [run, end] of runs) ends.set(run, await end);
    const failures = [...ends.values()].flatMap((end) => (end.end === 'failed' ? end.error : []));
    const again = [...ends.values()].flatMap((end) => (end.end === 'again' ? [end.why] : []));
    for (const [place, item] of open.entries()) {
      const step = steps[place];
      if (step !== undefined) await this.conclude(item, step, { ends, watch, failures, again });
    }
    return again.at(-1);
  }

  private async conclude(
    item: Item,
    step: Step,
    round: { ends: ReadonlyMap<Run, RunEnd>; watch: Watch; failures: StoreError[]; again: unknown[] },
  ): Promise<void> {
    if (step.step === 'send') {
      const end = round.ends.get(step.run);
      if (end?.end === 'failed') item.end = { error: end.error };
      if (end?.end === 'again') item.inDoubt ||= end.inDoubt;
      const events = round.watch.found(item.append.events.map(({ id }) => id));
      if (end?.end === 'stored' && events !== undefined) item.end = { outcome: { outcome: 'stored', events } };
      return;
    }
    try {
      if (step.step === 'repeat') await this.concludeRepeat(item, round);
      else if (await this.isSettled(item, step.outcome, round.watch)) item.end = { outcome: step.outcome };
    } catch (error) {
      if (passes(error) || (error instanceof StoreError && error.code === 'store-unavailable')) round.again.push(error);
      else item.end = { error: asServerError(error, 'Reading from', this.parts.server) };
    }
  }

  private async concludeRepeat(
    item: Item,
    { watch, failures, again }: { watch: Watch; failures: StoreError[]; again: unknown[] },
  ): Promise<void> {
    const ids = item.append.events.map(({ id }) => id);
    const rows = ids.flatMap((id) => this.parts.index.byId(id) ?? []);
    if (rows.length < ids.length) {
      // It repeats an append of this very group that did not get through.
      const [failure] = failures;
      if (failure !== undefined && again.length === 0) item.end = { error: failure };
      return;
    }
    const events = watch.found(ids) ?? (await this.readEach(rows));
    item.end = { outcome: { outcome: item.inDoubt ? 'stored' : 'duplicate', events } };
  }

  private async readEach(rows: readonly IndexRow[]): Promise<StoredEvent[]> {
    const first = rows[0]?.revision ?? 0;
    const { pages } = this.parts;
    if (rows.every(({ revision }, place) => revision === first + place)) return pages.ofStream(rows);
    const events: StoredEvent[] = [];
    for (const row of rows) events.push(...(await pages.ofStream([row])));
    return events;
  }

  /** Whether the index has some of its events, and not all. */
  private isArriving({ append }: Item): boolean {
    const known = append.events.filter(({ id }) => this.parts.index.byId(id) !== undefined).length;
    return known > 0 && known < append.events.length;
  }

  /** A refusal may come of events, another engine's say, that are on the server and still to come. */
  private async isSettled(item: Item, outcome: AppendOutcome, watch: Watch): Promise<boolean> {
    if (item.asked || outcome.outcome === 'stored') return true;
    if (outcome.outcome === 'wrong-revision' && outcome.expected < outcome.actual) return true;
    const { connection, names, index, deadlineMs } = this.parts;
    const { stream } = item.append;
    const known = index.revisionOf(stream);
    const [last] = await connection.readStream(names.onServer(stream), 'end', 1);
    item.asked = true;
    if ((last?.revision ?? -1) <= known) return true;
    await watch.until(() => index.revisionOf(stream) >= (last?.revision ?? -1), deadlineMs);
    return false;
  }

  private async send(run: Run, recordedAt: string, watch: Watch): Promise<RunEnd> {
    const { connection, names, index, server, deadlineMs } = this.parts;
    const ids = run.events.map(({ id }) => id);
    const isSeen = (): boolean => watch.found(ids) !== undefined;
    const records = run.events.map((event) => proposedRecord(event, recordedAt));
    let why: unknown = new Error('what was stored did not come back through the subscription');
    let inDoubt = true;
    try {
      const answer = connection.append(names.onServer(run.stream), run.after, records);
      await Promise.race([answer, watch.until(isSeen)]);
      await watch.until(isSeen, deadlineMs);
    } catch (error) {
      why = error;
      const actual = actualRevision(error);
      if (actual !== undefined)
        await watch.until(() => isSeen() || index.revisionOf(run.stream) >= actual, deadlineMs / 2);
      else if (!passes(error)) return { end: 'failed', error: asServerError(error, 'Appending to', server) };
      inDoubt = actual === undefined;
    }
    return isSeen() ? { end: 'stored' } : { end: 'again', inDoubt, why };
  }

  private async stamp(): Promise<string> {
    const { index, pages, now } = this.parts;
    if (this.latest === undefined) {
      const [newest] = index.head === undefined ? [] : await pages.ofLog([index.head]);
      this.latest = newest === undefined ? -Infinity : Date.parse(newest.metadata.recordedAt);
    }
    this.latest = Math.max(this.latest, now());
    return new Date(this.latest).toISOString();
  }

  private givenUp(why: unknown): StoreError {
    const { server } = this.parts;
    if (this.closing.signal.aborted)
      return new StoreError('store-closed', `The log at ${server} was closed: open it again to use it.`);
    if (why instanceof StoreError) return why;
    const error = why ?? new Error('it was not answered in time');
    const message = `Appending to ${server} failed: ${error instanceof Error ? error.message : 'for no known reason'}. A part may be stored; the same again, with the same ids, is safe.`;
    return new StoreError('store-unavailable', message, { cause: error });
  }
}
