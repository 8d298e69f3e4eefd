import type { StoredEvent } from '../../../events/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';

const pageSize = 1024;

/** The events from one ordinal to another, both included, as far as the log goes, one page at a time. */
export async function* logStretch(
  log: Pick<EventStore, 'readAll' | 'readAt'>,
  first: number,
  last: number,
): AsyncGenerator<readonly StoredEvent[]> {
  if (first > last) return;
  const [before] = first === 0 ? [] : await log.readAt([first - 1]);
  let after = before?.position;
  do {
    const page = await log.readAll({ ...(after === undefined ? {} : { after }), limit: pageSize });
    const meant = page.events.filter(({ ordinal }) => ordinal <= last);
    if (meant.length > 0) yield meant;
    if (meant.length < page.events.length || page.events.at(-1)?.ordinal === last) return;
    after = page.next;
  } while (after !== undefined);
}
