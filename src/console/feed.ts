import { ask, Problem, sentenceOf } from './api.js';
import { type Connection, followStream } from './follow-stream.js';
import { oneAtATime } from './one-at-a-time.js';
import { type Filter, queryOf } from './filter.js';
import type { ServerSentEvent } from './sse-parser.js';
import type { Violation, ViolationPage } from './violation.js';
import { ViolationList } from './violation-list.js';

/** How the list stands. */
export type Loaded =
  | { readonly state: 'loading' | 'ready' }
  | { readonly state: 'failed'; readonly why: string; readonly isMalformed: boolean };

/** The most the API gives at once. */
const pageSize = 500;
/** What is read again is read so many pages down, and so much later at the earliest, ms. */
const mostPagesAgain = 40;
const refreshRestMs = 1_000;

/** The list of violations that fit a filter, read once and followed from then on. */
export class Feed {
  readonly list = new ViolationList();
  connection: Connection = { state: 'connecting' };
  loaded: Loaded = { state: 'loading' };
  isLoadingMore = false;
  /** Grows with all that is told of violations that fit, and when the stream is open again. */
  news = 0;
  /** How far the log was read; undefined before the first answer. */
  position: string | undefined;
  private readonly ending = new AbortController();
  private asked = 0;
  /** Told by the stream since what is here was asked for again. */
  private readonly heard = new Set<string>();

  /**
   * @param isHeld whether something new has to wait to be asked for
   * @param onChange told after every change
   */
  constructor(
    private readonly filter: Filter,
    private readonly isHeld: () => boolean,
    private readonly onChange: () => void,
  ) {}

  /** Opens the stream and, as soon as it is open, reads the list: nothing falls between the two. */
  start(): void {
    const query = queryOf(this.filter).toString();
    const follower = {
      onEvent: ({ event, data, id }: ServerSentEvent) => {
        this.position = id ?? this.position;
        if (event !== 'heartbeat') this.news++;
        if (event === 'violation') this.arrived(JSON.parse(data) as Violation);
        else if (event === 'left') this.left((JSON.parse(data) as { readonly violationId: string }).violationId);
        else if (event === 'mutes' || event === 'renumberings') this.overlyingChanged();
      },
      onConnection: (connection: Connection) => {
        this.connection = connection;
        if (connection.state === 'live') this.news++;
        // No stream, so no list by it: asking for the list says why.
        if (connection.state === 'offline' && this.loaded.state === 'loading') void this.reload();
        this.onChange();
      },
      onFresh: () => void this.reload(),
      readAt: () => (this.loaded.state === 'ready' ? this.position : undefined),
    };
    void followStream(`/v1/violations/stream${query && `?${query}`}`, follower, this.ending.signal);
  }

  stop(): void {
    this.ending.abort();
  }

  /** Reads the list from its top. What is shown stays until the answer is there. */
  async reload(): Promise<void> {
    const turn = ++this.asked;
    this.list.asking();
    try {
      const page = await this.page();
      if (turn !== this.asked) return;
      this.list.begin(page);
      this.position = page.position;
      this.loaded = { state: 'ready' };
      if (page.violations.length === 0) void this.more();
    } catch (error) {
      if (turn !== this.asked || this.ending.signal.aborted) return;
      const isRefused = error instanceof Problem && error.status < 500;
      if (this.loaded.state !== 'ready' || isRefused)
        this.loaded = { state: 'failed', why: sentenceOf(error), isMalformed: isRefused && error.status === 400 };
    }
    this.onChange();
  }

  /** Reads again what is here, such as when a mute or a renumbering began or ended: rows change where they stand. */
  readonly refresh = oneAtATime(() => this.readAgain(), refreshRestMs);

  private async readAgain(): Promise<void> {
    const turn = this.asked;
    const order = [...this.list.order, ...this.list.waiting];
    const missing = new Set(order);
    this.heard.clear();
    const found: Violation[] = [];
    let cursor: string | undefined;
    let left = Math.min(mostPagesAgain, 1 + Math.ceil(order.length / pageSize));
    do {
      const { violations, next } = await this.page(cursor);
      if (turn !== this.asked || this.ending.signal.aborted) return;
      found.push(...violations);
      for (const { violationId } of violations) missing.delete(violationId);
      cursor = next;
    } while (cursor !== undefined && missing.size > 0 && --left > 0);
    // The one heard last comes first: what should have come by now and was not heard meanwhile fits no longer.
    const reached = cursor === undefined ? '' : (found.at(-1)?.lastSeen ?? '');
    const gone = [...missing].filter((id) => !this.heard.has(id) && (this.list.get(id)?.lastSeen ?? '') > reached);
    this.list.refresh(found, gone);
    // A mute or a renumbering that began or ended lets others fit: what is above the last row here is new here.
    const last = this.list.next === undefined ? '' : (this.list.get(this.list.order.at(-1) ?? '')?.lastSeen ?? '');
    const come = found.filter(
      ({ lastSeen, violationId }) => lastSeen > last && this.list.get(violationId) === undefined,
    );
    for (const violation of come.reverse())
      this.list.arrive(violation, this.isHeld(), !this.list.isGone(violation.violationId));
    this.onChange();
  }

  /** Reads the next page, where there is one. */
  async more(): Promise<void> {
    const { next } = this.list;
    if (next === undefined || this.isLoadingMore) return;
    this.isLoadingMore = true;
    const turn = this.asked;
    try {
      // A page may hold none of those that fit, and the list goes on behind it.
      for (let from: string | undefined = next, found = 0; from !== undefined && found === 0; from = this.list.next) {
        const page = await this.page(from);
        if (turn !== this.asked) break;
        this.list.continue(page);
        found = page.violations.length;
      }
    } catch {
      // The next scroll asks again, and the connection is shown.
    }
    this.isLoadingMore = false;
    this.onChange();
  }

  /** A row as an action answered it. */
  replace(violation: Violation): void {
    this.list.replace(violation);
    this.onChange();
  }

  showWaiting(): void {
    this.list.showWaiting();
    this.onChange();
  }

  private page(cursor?: string): Promise<ViolationPage> {
    const query = queryOf(this.filter);
    query.set('limit', String(pageSize));
    if (cursor !== undefined) query.set('cursor', cursor);
    return ask(`/v1/violations?${query.toString()}`, { signal: this.ending.signal });
  }

  /** What the stream tells fits the filter: the engine looks. */
  private arrived(violation: Violation): void {
    this.heard.add(violation.violationId);
    this.list.arrive(violation, this.isHeld(), true);
    this.onChange();
  }

  /** Nobody says which violations a mute or a renumbering lies over. */
  private overlyingChanged(): void {
    this.refresh();
    this.onChange();
  }

  private left(violationId: string): void {
    this.list.leave(violationId);
    this.onChange();
  }
}
