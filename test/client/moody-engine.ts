import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What the engine does with one request. */
export type Mood =
  | 'well'
  /** The connection breaks before anything is stored. */
  | 'reset before'
  /** All is stored, and the connection breaks instead of an answer. */
  | 'reset after'
  /** All is stored, and half of the answer comes. */
  | 'half body'
  /** All is stored, and no answer comes for so long as the client waits. */
  | 'silent'
  /** A proxy answers in the engine's place. */
  | 'proxy'
  | Refusing;

/** Nothing is stored. */
export interface Refusing {
  readonly status: number;
  readonly retryAfter?: string;
  readonly location?: string;
}

export interface SeenEvent {
  readonly id: string;
  readonly subject: string;
  readonly source: string;
  readonly data: { readonly reason?: string };
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly ids: readonly string[];
  readonly bytes: number;
  /** Ms on a clock that nobody sets. */
  readonly at: number;
}

/** A small engine over real HTTP that keeps what it stores, and has moods. It refuses whatever gives `no` as its reason. */
export class MoodyEngine {
  /** What is stored, in order, each once. */
  readonly log: SeenEvent[] = [];
  readonly requests: SeenRequest[] = [];
  /** Subjects of which two requests were here at once. */
  readonly overlaps = new Set<string>();
  /** How many requests were here at once. */
  mostAtOnce = 0;
  /** Asked for each request; `well` by default. */
  mood: () => Mood = () => 'well';
  /** Let go of before a request is answered. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();
  /** What is added to each result of an event that is stored. */
  more: object = {};
  private readonly stored = new Map<string, number>();
  private readonly here = new Map<string, number>();
  private atOnce = 0;

  private constructor(private readonly server: Server) {}

  static async start(
    make: (handler: (request: IncomingMessage, reply: ServerResponse) => void) => Server = createServer,
  ): Promise<MoodyEngine> {
    const server = make((request, reply) => void engine.handle(request, reply));
    const engine = new MoodyEngine(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return engine;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ids in the order in which they were stored, of one subject or of all. */
  storedIds(subject?: string): string[] {
    return this.log.filter((event) => subject === undefined || event.subject === subject).map(({ id }) => id);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const at = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const events = body.length === 0 ? [] : (JSON.parse(body.toString()) as SeenEvent[]);
    const { method = '', url: path = '', headers } = request;
    this.requests.push({ method, path, headers, ids: events.map(({ id }) => id), bytes: body.length, at });
    const mood = this.mood();
    this.enter(events);
    reply.once('close', () => this.leave(events));
    if (mood === 'reset before') return void request.socket.destroy();
    if (mood === 'proxy') return void reply.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    if (typeof mood === 'object') return this.refuse(reply, mood);
    const answer = JSON.stringify({ results: this.store(events), newer: true });
    await this.beforeAnswer();
    if (mood === 'reset after') return void request.socket.destroy();
    if (mood === 'silent') return;
    reply.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    if (mood === 'well') return void reply.end(answer);
    reply.write(answer.slice(0, answer.length / 2), () => request.socket.destroy());
  }

  private refuse(reply: ServerResponse, { status, retryAfter, location }: Refusing): void {
    reply.writeHead(status, {
      'content-type': 'application/problem+json',
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(location === undefined ? {} : { location }),
    });
    reply.end(
      JSON.stringify({
        type: 'https://portledger.dev/problems/a-reason',
        title: 'A reason',
        status,
        detail: 'Because.',
      }),
    );
  }

  private store(events: readonly SeenEvent[]): object[] {
    const refused = new Set<string>();
    return events.map((event) => {
      const isFirst = event.data.reason === 'no';
      if (isFirst || refused.has(event.subject)) {
        refused.add(event.subject);
        const [status, code] = isFirst ? [422, 'invalid-event'] : [424, 'predecessor-refused'];
        const errors = [{ pointer: '/data/reason', detail: 'not this one' }];
        const problem = {
          type: `https://portledger.dev/problems/${code}`,
          status,
          detail: 'The reason is no.',
          errors,
        };
        return { status, id: event.id, problem };
      }
      const key = `${event.source} ${event.id}`;
      const ordinal = this.stored.get(key) ?? this.log.push(event) - 1;
      this.stored.set(key, ordinal);
      const meaning = { effect: 'applied', conflicts: [], ...this.more };
      return { status: 201, id: event.id, eventId: key, position: `p${ordinal}`, ordinal, ...meaning };
    });
  }

  private enter(events: readonly SeenEvent[]): void {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    for (const subject of new Set(events.map((event) => event.subject))) {
      const count = (this.here.get(subject) ?? 0) + 1;
      if (count > 1) this.overlaps.add(subject);
      this.here.set(subject, count);
    }
  }

  private leave(events: readonly SeenEvent[]): void {
    this.atOnce--;
    for (const subject of new Set(events.map((event) => event.subject)))
      this.here.set(subject, (this.here.get(subject) ?? 1) - 1);
  }
}
