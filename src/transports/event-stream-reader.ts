/** One event as a client of a stream of server-sent events takes it (WHATWG HTML section 9.2.6). */
export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Takes server-sent events out of text that comes in pieces of any size. */
export class EventStreamReader {
  private rest = '';

  /** The events that this piece completes. */
  *feed(piece: string): Generator<ReceivedEvent, void, undefined> {
    const blocks = (this.rest + piece).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const received = read(block);
      if (received !== undefined) yield received;
    }
  }
}

function read(block: string): ReceivedEvent | undefined {
  let id: string | undefined;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'id') id = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
}
