/** An event as a client proposes it. */
export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Recorded extends Proposed {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare position: the same for every event of an append made over gRPC. */
  readonly position: bigint;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export type Expected = 'any' | 'no-stream' | 'stream-exists' | number;

export type AppendAnswer =
  | { readonly outcome: 'stored'; readonly last: Recorded }
  | { readonly outcome: 'wrong-revision'; readonly expected: Expected; readonly current: number }
  | { readonly outcome: 'too-large' };

/** The server's default limit of one append, in bytes. */
export const mostAppendBytes = 1024 * 1024;
const encoder = new TextEncoder();

/** What a server keeps: every event in one order, and the streams. It outlives the nodes that serve it. */
export class ServerLog {
  readonly all: Recorded[] = [];
  private readonly streams = new Map<string, Recorded[]>();
  private readonly listeners = new Set<() => void>();
  private next = 4096n;

  constructor() {
    // A real server's $all begins with events of its own.
    for (const stream of ['$$$settings', '$$$stats', '$users']) this.append(stream, 'any', [noise('$metadata')]);
  }

  append(stream: string, expected: Expected, events: readonly Proposed[]): AppendAnswer {
    const size = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (size > mostAppendBytes) return { outcome: 'too-large' };
    const written = this.streams.get(stream) ?? [];
    const current = written.length - 1;
    const repeated = this.repeated(written, expected, events);
    if (repeated !== undefined) return { outcome: 'stored', last: repeated };
    if (!isAt(expected, current)) return { outcome: 'wrong-revision', expected, current };
    const recorded = events.map((event, index) => this.record(stream, current + 1 + index, event));
    if (written.length === 0) this.streams.set(stream, written);
    for (const event of recorded) {
      written.push(event);
      this.all.push(event);
    }
    const last = recorded.at(-1);
    if (last === undefined) throw new Error(`An append of nothing to ${stream}`);
    for (const listener of [...this.listeners]) listener();
    return { outcome: 'stored', last };
  }

  /** What a reader of the stream sees: `$maxCount` of its metadata hides all but the last events. */
  read(stream: string): readonly Recorded[] | undefined {
    const events = this.streams.get(stream);
    const metadata = this.streams.get(`$$${stream}`)?.at(-1);
    if (events === undefined || metadata === undefined) return events;
    const { $maxCount } = JSON.parse(Buffer.from(metadata.data).toString()) as { $maxCount?: number };
    return $maxCount === undefined ? events : events.slice(-$maxCount);
  }

  /** Events of nobody's: what a server that is shared with others holds besides. */
  addNoise(count: number, stream = 'order-4711'): void {
    for (let index = 0; index < count; index++) this.append(stream, 'any', [noise('OrderPlaced')]);
  }

  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * The last of these events when the server takes the append for a repeated one: the same ids in a row, right after
   * the expected revision, or anywhere in the stream when any is expected. At the stream's own end nothing is repeated:
   * an id is not unique to a server.
   */
  private repeated(
    written: readonly Recorded[],
    expected: Expected,
    events: readonly Proposed[],
  ): Recorded | undefined {
    const first = events[0]?.id;
    const at =
      expected === 'no-stream'
        ? 0
        : typeof expected === 'number'
          ? expected + 1
          : written.findIndex(({ id }) => id === first);
    if (at < 0 || events.length === 0 || at + events.length > written.length) return undefined;
    return events.every(({ id }, index) => written[at + index]?.id === id)
      ? written[at + events.length - 1]
      : undefined;
  }

  private record(stream: string, revision: number, event: Proposed): Recorded {
    const position = this.next;
    this.next += BigInt(160 + event.data.length + event.metadata.length);
    return { ...event, stream, revision, position, created: Date.now() };
  }
}

let noiseCount = 0;
function noise(type: string): Proposed {
  const id = `00000000-0000-4000-8000-${String(++noiseCount).padStart(12, '0')}`;
  return { id, type, contentType: 'application/json', data: encoder.encode('{}'), metadata: new Uint8Array() };
}

function isAt(expected: Expected, current: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return current === -1;
    case 'stream-exists':
      return current >= 0;
    default:
      return expected === current;
  }
}
