import type { Writable } from 'node:stream';

/** One server-sent event (WHATWG HTML section 9.2). */
export interface StreamItem {
  /** What a client names to resume after this one; without it, its place stays where it was. */
  readonly id?: string;
  readonly event: string;
  readonly data: object;
}

/** Events as they go over the wire: one buffer may be sent to any number of clients. */
export type Payload = Buffer;

export interface EventStreamOptions {
  /** A client that is this far behind is cut, bytes (1 MiB). */
  readonly backlogBytes?: number;
  /** ms (15,000). */
  readonly heartbeatMs?: number;
  /** Asked before anything is written: a client that may read no more is cut, and gets nothing of what waited for it. */
  readonly mayRead?: () => boolean;
  readonly onEnd?: () => void;
}

const retryMs = 3_000;
/** Without an id, so that a client's place in the log stays where it was. */
const heartbeat = Buffer.from('event: heartbeat\ndata: {}\n\n');

/** JSON has no line breaks of its own, so the data is one line. */
export function payloadOf({ id, event, data }: StreamItem): Payload {
  const place = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${place}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/**
 * Writes server-sent events to one client, no faster than it reads.
 * What happened before is taken from an iterator only as the client takes it; what happens meanwhile waits, up to a
 * limit. A client that is cut loses nothing: it resumes after the last id it got.
 */
export class EventStream {
  private readonly waiting: Payload[] = [];
  private waitingBytes = 0;
  private blocked = false;
  private ended = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: Writable,
    private readonly past: Iterator<StreamItem>,
    private readonly options: EventStreamOptions = {},
  ) {
    client.on('drain', this.drained);
    client.on('close', this.gone);
    client.on('error', this.gone);
    this.timer = setInterval(() => this.beat(), options.heartbeatMs ?? 15_000);
    this.write(Buffer.from(`retry: ${retryMs}\n\n`));
    this.pump();
  }

  /** False once it has ended, by whichever side. */
  get open(): boolean {
    return !this.ended;
  }

  /** Hands over what has just happened. */
  send(happened: StreamItem | Payload): void {
    if (this.ended) return;
    const payload = Buffer.isBuffer(happened) ? happened : payloadOf(happened);
    this.waiting.push(payload);
    this.waitingBytes += payload.length;
    this.pump();
    if (this.waitingBytes + this.client.writableLength > (this.options.backlogBytes ?? 1024 * 1024)) this.cut();
  }

  /** Ends the answer in good order. */
  close(): void {
    if (this.ended) return;
    this.end();
    this.client.end();
  }

  private cut(): void {
    this.end();
    this.client.destroy();
  }

  private pump(): void {
    while (!this.blocked && !this.ended) {
      const payload = this.next();
      if (payload === undefined) return;
      this.write(payload);
    }
  }

  private next(): Payload | undefined {
    const past = this.past.next();
    if (past.done !== true) return payloadOf(past.value);
    const payload = this.waiting.shift();
    if (payload !== undefined) this.waitingBytes -= payload.length;
    return payload;
  }

  private beat(): void {
    if (!this.blocked) this.write(heartbeat);
  }

  private write(payload: Payload): void {
    if (this.options.mayRead?.() === false) this.cut();
    else this.blocked = !this.client.write(payload);
  }

  private readonly drained = (): void => {
    this.blocked = false;
    this.pump();
  };

  private readonly gone = (): void => this.end();

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.timer);
    this.waiting.length = 0;
    this.client.off('drain', this.drained);
    this.client.off('close', this.gone);
    // Its end may still be told as an error, which must find a listener.
    this.options.onEnd?.();
  }
}
