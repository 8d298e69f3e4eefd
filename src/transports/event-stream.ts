import type { Writable } from 'node:stream';

/** One server-sent event (WHATWG HTML section 9.2). */
export interface StreamItem {
  /** What a client names to resume after this one. */
  readonly id: string;
  readonly event: string;
  readonly data: object;
}

export interface EventStreamOptions {
  /** A client that is this far behind is cut, bytes (1 MiB). */
  readonly backlogBytes?: number;
  /** ms (15,000). */
  readonly heartbeatMs?: number;
  readonly onEnd?: () => void;
}

const retryMs = 3_000;

/**
 * Writes server-sent events to one client, no faster than it reads.
 * What happened before is taken from an iterator only as the client takes it; what happens meanwhile waits, up to a
 * limit. A client that is cut loses nothing: it resumes after the last id it got.
 */
export class EventStream {
  private readonly waiting: string[] = [];
  private waitingBytes = 0;
  private blocked = false;
  private ended = false;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly client: Writable,
    private readonly past: Iterator<StreamItem>,
    private readonly options: EventStreamOptions = {},
  ) {
    client.on('drain', () => {
      this.blocked = false;
      this.pump();
    });
    client.on('close', () => this.end());
    client.on('error', () => this.end());
    this.heartbeat = setInterval(() => this.beat(), options.heartbeatMs ?? 15_000);
    this.write(`retry: ${retryMs}\n\n`);
    this.pump();
  }

  /** Hands over what has just happened. */
  send(item: StreamItem): void {
    if (this.ended) return;
    const text = textOf(item);
    this.waiting.push(text);
    this.waitingBytes += Buffer.byteLength(text);
    this.pump();
    if (this.waitingBytes + this.client.writableLength > (this.options.backlogBytes ?? 1024 * 1024)) {
      this.client.destroy();
      this.end();
    }
  }

  /** Ends the answer in good order. */
  close(): void {
    if (this.ended) return;
    this.end();
    this.client.end();
  }

  private pump(): void {
    while (!this.blocked && !this.ended) {
      const text = this.next();
      if (text === undefined) return;
      this.write(text);
    }
  }

  private next(): string | undefined {
    const past = this.past.next();
    if (past.done !== true) return textOf(past.value);
    const text = this.waiting.shift();
    if (text !== undefined) this.waitingBytes -= Buffer.byteLength(text);
    return text;
  }

  /** Without an id, so that a client's place in the log stays where it was. */
  private beat(): void {
    if (!this.blocked) this.write('event: heartbeat\ndata: {}\n\n');
  }

  private write(text: string): void {
    this.blocked = !this.client.write(text);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.heartbeat);
    this.options.onEnd?.();
  }
}

/** JSON has no line breaks of its own, so the data is one line. */
function textOf({ id, event, data }: StreamItem): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
