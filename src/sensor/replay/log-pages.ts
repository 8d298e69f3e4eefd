import type { StoredEvent } from '../../../events/index.js';
import type { EngineClient } from '../../cli/engine-client.js';
import type { EventStore } from '../../event-store/event-store.port.js';

/** A log to be read from its first event on, as often as wanted; pages come in log order. */
export interface LogPages {
  pages(): AsyncIterable<readonly StoredEvent[]>;
}

const fromStore = 1000;
/** The most that an engine gives in one answer. */
const fromEngine = 500;

/** The log of an open store. */
export function pagesOfStore(store: Pick<EventStore, 'readAll'>): LogPages {
  return {
    async *pages() {
      let after: string | undefined;
      do {
        const page = await store.readAll({ ...(after !== undefined && { after }), limit: fromStore });
        if (page.events.length > 0) yield page.events;
        after = page.next;
      } while (after !== undefined);
    },
  };
}

/** The log of a running engine; its token needs the scope auditor. Throws a CliError where the engine refuses. */
export function pagesOfEngine(engine: EngineClient): LogPages {
  return {
    async *pages() {
      let after: string | undefined;
      do {
        const query = new URLSearchParams({ limit: String(fromEngine), ...(after !== undefined && { after }) });
        const page = (await engine.get(`/v1/log?${query.toString()}`)) as EnginePage;
        if (page.events.length > 0) yield page.events;
        after = page.next;
      } while (after !== undefined);
    },
  };
}

interface EnginePage {
  readonly events: readonly StoredEvent[];
  readonly next?: string;
}
