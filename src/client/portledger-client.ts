import type { Binding, Capacity, MapFilters, MapPage, Receipt, SearchAnswer, ServerStatus } from './answers.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { envelopeOf } from './envelope.js';
import { ClientClosedError } from './errors.js';
import type { Fact } from './fact.js';
import { FactSender, type SendingOptions } from './fact-sender.js';
import type { Outcome, Rehearsed, WouldBeRefused } from './outcome.js';
import { Patience, type Pauses, usualPauses } from './patience.js';
import { PendingFact, type Waiting } from './pending-fact.js';
import { PublishAll, type Published, type PublishingAll } from './publish-all.js';
import { Questions } from './questions.js';

export interface ClientOptions extends ConnectionOptions, SendingOptions {
  /** The source that the token is bound to, such as `urn:billing:eu`. */
  readonly source: string;
  /** How long is waited after an attempt without an answer: 100 ms at first, doubled up to 10 s, and never less than the engine asks for. */
  readonly pauses?: Partial<Pauses>;
}

/**
 * Publishes what billing knows to one engine, and asks it. Facts of one subject are stored in the order in which they were
 * published, each once, however often the connection or the engine breaks; facts of different subjects go side by side.
 */
export class PortledgerClient {
  private readonly source: string;
  private readonly connection: Connection;
  private readonly sender: FactSender;
  private readonly questions: Questions;
  private isClosed = false;

  /** Connects to nothing yet. Throws a TypeError for options that cannot be meant. */
  constructor(options: ClientOptions) {
    this.source = options.source;
    this.connection = new Connection(options);
    const patience = new Patience({ ...usualPauses, ...options.pauses });
    this.sender = new FactSender(this.connection, patience, options);
    this.questions = new Questions(this.connection, patience);
  }

  /**
   * Resolves once the fact is durable, or refused: both are answers, see `Outcome`. No answer, 429, 503 and 507 are met by sending
   * the same again until the deadline; then it rejects with an UnansweredError, and the fact may be stored or not.
   * A fact that waits behind a refused one of its subject is refused as `predecessor-refused`; behind one without an answer it
   * is not sent and rejects too.
   */
  async publish(fact: Fact, waiting: Waiting = {}): Promise<Outcome> {
    if (this.isClosed) throw new ClientClosedError();
    const pending = new PendingFact(envelopeOf(fact, this.source), waiting, () => this.sender.lookAgain());
    this.sender.offer(pending);
    return pending.outcome;
  }

  /** Publishes a whole history or a feed without end, in order, at the engine's pace. See `PublishAll`. */
  publishAll(facts: AsyncIterable<Fact> | Iterable<Fact>, options: PublishingAll = {}): Promise<Published> {
    const envelope = (fact: Fact) => envelopeOf(fact, this.source);
    return new PublishAll((fact, waiting) => this.publish(fact, waiting), envelope, options).run(facts);
  }

  /** What publishing these facts, at most 500, in this order would mean; nothing is stored. */
  dryRun(facts: readonly Fact[], waiting: Waiting = {}): Promise<(Rehearsed | WouldBeRefused)[]> {
    const events = facts.map((fact) => envelopeOf(fact, this.source));
    return this.ask(() => this.questions.rehearse(events, waiting));
  }

  /** What is stored under an id; undefined where nothing is. */
  receipt(
    id: string,
    { source = this.source, ...waiting }: Waiting & { readonly source?: string } = {},
  ): Promise<Receipt | undefined> {
    return this.ask(() => this.questions.find('/v1/receipts', { source, id }, waiting)) as Promise<Receipt | undefined>;
  }

  /**
   * How far the facts of a server have got, down to each device; undefined where no fact of yours says anything of it.
   * @param settleMs waits up to so long, 100 to 60,000 ms, until every device is confirmed
   */
  serverStatus(
    server: string,
    { settleMs, ...waiting }: Waiting & { readonly settleMs?: number } = {},
  ): Promise<ServerStatus | undefined> {
    const path = `/v1/servers/${encodeURIComponent(server)}/status`;
    const wait = settleMs === undefined ? undefined : `${settleMs}ms`;
    return this.ask(() => this.questions.find(path, { wait }, waiting)) as Promise<ServerStatus | undefined>;
  }

  /** The servers of the map that fit, a page at a time (scope viewer). The next page is asked for when it is wanted. */
  async *mapPages(filters: MapFilters = {}, waiting: Waiting = {}): AsyncGenerator<MapPage, void, undefined> {
    let cursor: string | undefined;
    do {
      const fields = { ...filters, cursor };
      const page = (await this.ask(() => this.questions.get('/v1/map', fields, waiting))) as MapPage;
      yield page;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** The servers of the map that fit, one by one (scope viewer). */
  async *map(filters: MapFilters = {}, waiting: Waiting = {}): AsyncGenerator<Binding, void, undefined> {
    for await (const { bindings } of this.mapPages(filters, waiting)) yield* bindings;
  }

  /** Who holds an address, has it inside a prefix, or waits for it (scope viewer). */
  withAddress(ip: string, waiting: Waiting = {}): Promise<Binding[]> {
    return this.all({ ip }, waiting);
  }

  /** The servers on a port, as `switch:interface` (scope viewer). */
  onPort(port: string, waiting: Waiting = {}): Promise<Binding[]> {
    return this.all({ port }, waiting);
  }

  /**
   * Everything that has this name or one that begins so: a MAC, an address or a prefix in any notation, a server, customer,
   * port or violation (scope viewer).
   * @param limit hits of each kind, 1 to 50
   */
  search(text: string, { limit, ...waiting }: Waiting & { readonly limit?: number } = {}): Promise<SearchAnswer> {
    const fields = { q: text, limit: limit?.toString() };
    return this.ask(() => this.questions.get('/v1/search', fields, waiting)) as Promise<SearchAnswer>;
  }

  /** What sites, switches and devices hold and can still take. Ask before you sell. */
  capacity(waiting: Waiting = {}): Promise<Capacity> {
    return this.ask(() => this.questions.get('/v1/capacity', {}, waiting)) as Promise<Capacity>;
  }

  /** Takes nothing more, and resolves when everything that was taken is settled. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.sender.drain();
    this.connection.close();
  }

  private async all(filters: MapFilters, waiting: Waiting): Promise<Binding[]> {
    const bindings: Binding[] = [];
    for await (const binding of this.map(filters, waiting)) bindings.push(binding);
    return bindings;
  }

  private async ask<Value>(question: () => Promise<Value>): Promise<Value> {
    if (this.isClosed) throw new ClientClosedError();
    return question();
  }
}
