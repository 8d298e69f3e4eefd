import { predecessorRefused, refusedOf, resultsOf, storedOf } from './answer.js';
import type { Answer, Connection } from './connection.js';
import { Batch } from './batch.js';
import { Lanes, mostBytes } from './lanes.js';
import type { Refused, Outcome } from './outcome.js';
import { GaveUp, Later, laterOf, type Patience } from './patience.js';
import type { PendingFact } from './pending-fact.js';

export interface SendingOptions {
  /** Facts offered within so many ms share a request; default 3. */
  readonly gatherMs?: number;
  /** Requests on their way at once; default 4. Facts of one subject are never in two of them. */
  readonly concurrency?: number;
}

const path = '/v1/events';
const contentType = 'application/cloudevents-batch+json';

/** Sends facts in batches, each again until it is answered, and never one of a subject before the one before it is settled. */
export class FactSender {
  private readonly lanes = new Lanes();
  private readonly batches = new Set<Batch>();
  private readonly gatherMs: number;
  private readonly concurrency: number;
  private timer: NodeJS.Timeout | undefined;
  private drained: (() => void)[] = [];

  constructor(
    private readonly connection: Pick<Connection, 'request'>,
    private readonly patience: Patience,
    { gatherMs = 3, concurrency = 4 }: SendingOptions,
  ) {
    this.gatherMs = gatherMs;
    this.concurrency = concurrency;
  }

  offer(fact: PendingFact): void {
    if (fact.isSettled) return;
    this.lanes.add(fact);
    if (this.lanes.isFull) this.sendNow();
    else this.timer ??= setTimeout(() => this.sendNow(), this.gatherMs);
  }

  /** Somebody waits no longer: a request that nobody waits for ends with its next pause. */
  lookAgain(): void {
    for (const batch of this.batches) batch.endIfUnwanted();
  }

  /** Resolves when nothing waits and nothing is on its way. */
  async drain(): Promise<void> {
    this.sendNow();
    if (this.isIdle) return;
    await new Promise<void>((resolve) => this.drained.push(resolve));
  }

  private get isIdle(): boolean {
    return this.lanes.isEmpty && this.batches.size === 0;
  }

  private sendNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.batches.size < this.concurrency) {
      const facts = this.lanes.take();
      if (facts.length === 0) break;
      const batch = new Batch(facts);
      this.batches.add(batch);
      void this.send(batch);
    }
  }

  private async send(batch: Batch): Promise<void> {
    try {
      await this.patience.ask(() => this.attempt(batch), batch.unwanted);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      batch.stop(why, error instanceof GaveUp ? error.cause : error);
    }
    for (const [subject, refused] of batch.refusals)
      for (const fact of this.lanes.clear(subject)) fact.answer(predecessorRefused(fact.id, subject, refused));
    for (const subject of batch.stopped)
      for (const fact of this.lanes.clear(subject)) fact.fail(`the fate of one before it in ${subject} is not known`);
    this.lanes.open(batch.subjects);
    this.batches.delete(batch);
    this.sendNow();
    if (this.isIdle) for (const resolve of this.drained.splice(0)) resolve();
  }

  private async attempt(batch: Batch): Promise<Later | readonly Outcome[]> {
    const facts = batch.wanted();
    if (facts.length === 0) return [];
    const outcomes = tooLarge(facts) ?? (await this.ask(facts));
    if (!(outcomes instanceof Later)) batch.settle(facts, outcomes);
    return outcomes;
  }

  private async ask(facts: readonly PendingFact[]): Promise<Later | readonly Outcome[]> {
    for (const fact of facts) fact.attempts++;
    const body = `[${facts.map(({ text }) => text).join(',')}]`;
    return outcomesOf(await this.connection.request(path, { method: 'POST', contentType, body }), facts);
  }
}

/** What no request can hold is refused without one, in its turn like any other. */
function tooLarge([fact, ...more]: readonly PendingFact[]): Refused[] | undefined {
  if (fact === undefined || more.length > 0 || fact.bytes + 2 <= mostBytes) return undefined;
  const detail = `The fact has ${fact.bytes} bytes as JSON; at most 65536 are accepted.`;
  return [{ stored: false, id: fact.id, status: 413, code: 'event-too-large', detail, errors: [] }];
}

/** What the answer says of each fact of the request; `Later` for one that cannot be the engine's. */
function outcomesOf(answer: Answer, facts: readonly PendingFact[]): Later | readonly Outcome[] {
  const later = laterOf(answer);
  if (later !== undefined) return later;
  const { status, body } = answer;
  if (status >= 400) return facts.map(({ id }) => refusedOf(id, status, body));
  const results = status === 200 ? resultsOf(body, facts.length) : undefined;
  const outcomes: Outcome[] = [];
  for (const [index, result] of (results ?? []).entries()) {
    const id = facts[index]?.id ?? '';
    const outcome =
      result['status'] === 201 ? storedOf(result) : refusedOf(id, Number(result['status']), result['problem']);
    if (outcome === undefined) return new Later(notTheEngine(status));
    outcomes.push(outcome);
  }
  return results === undefined ? new Later(notTheEngine(status)) : outcomes;
}

const notTheEngine = (status: number): string => `answered ${status}, but not as an engine does; is the URL right`;
