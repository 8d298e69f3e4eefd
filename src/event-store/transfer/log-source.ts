import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../../../events/index.js';
import type { EventStore, TreeHead } from '../event-store.port.js';

const pageSize = 1000;

/** A log that is read from its beginning to its end, to be taken elsewhere. */
export interface LogSource {
  readonly logId: string;
  head(): Promise<TreeHead>;
  /** Pages in log order, after the event with this id; from the first event where it is undefined. */
  pages(afterId: string | undefined): AsyncGenerator<readonly StoredEvent[]>;
  close(): Promise<void>;
}

/** The log does not hold an event that it must: it is another log, or was cut off. */
export class NotOfThisLog extends Error {
  constructor(eventId: string, logId: string) {
    super(`The log ${logId} holds no event ${eventId}, which was taken from it before.`);
    this.name = 'NotOfThisLog';
  }
}

/** A log that is open here. */
export function sourceOf(store: EventStore): LogSource {
  return {
    logId: store.logId,
    head: () => store.tree.head(),
    pages: (afterId) => pagesOf(store, afterId),
    close: () => store.close(),
  };
}

async function* pagesOf(store: EventStore, afterId: string | undefined): AsyncGenerator<readonly StoredEvent[]> {
  const before = afterId === undefined ? undefined : await store.findById(afterId);
  if (afterId !== undefined && before === undefined) throw new NotOfThisLog(afterId, store.logId);
  let after = before?.position;
  do {
    const page = await store.readAll({ ...(after === undefined ? {} : { after }), limit: pageSize });
    if (page.events.length > 0) yield page.events;
    after = page.next;
  } while (after !== undefined);
}

/** The events [from, to) of a source by ordinal, in pages; those before `from` are read and passed by. */
export async function* eventsBetween(
  source: LogSource,
  { from, to, afterId }: { readonly from: number; readonly to: number; readonly afterId?: string | undefined },
): AsyncGenerator<readonly StoredEvent[]> {
  for await (const page of source.pages(afterId)) {
    const wanted = page.filter(({ ordinal }) => ordinal >= from && ordinal < to);
    if (wanted.length > 0) yield wanted;
    // Pages of a log on this disk come without a pause, and nothing else would be heard: no Ctrl-C.
    await nextTurn();
    if ((page.at(-1)?.ordinal ?? 0) >= to - 1) return;
  }
}
