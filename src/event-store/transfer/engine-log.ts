import type { StoredEvent } from '../../../events/index.js';
import type { TreeHead } from '../event-store.port.js';
import type { LogSource } from './log-source.js';

/** Answers a GET of the engine's API; rejects where the engine refuses. */
export type GetFromEngine = (path: string) => Promise<unknown>;

const pageSize = 500;

/** The log of a running engine, read over HTTP (scope auditor). */
export class EngineLog implements LogSource {
  private constructor(
    private readonly get: GetFromEngine,
    readonly logId: string,
    private readonly headFound: TreeHead,
  ) {}

  static async open(get: GetFromEngine): Promise<EngineLog> {
    const { logId, size, root } = (await get('/v1/log/head')) as { logId: string; size: number; root: string };
    return new EngineLog(get, logId, { size, root: Buffer.from(root, 'hex') });
  }

  head(): Promise<TreeHead> {
    return Promise.resolve(this.headFound);
  }

  async *pages(afterId: string | undefined): AsyncGenerator<readonly StoredEvent[]> {
    let after = afterId;
    do {
      const query = new URLSearchParams({ limit: String(pageSize), ...(after === undefined ? {} : { after }) });
      const page = (await this.get(`/v1/log?${query.toString()}`)) as { events: StoredEvent[]; next?: string };
      if (page.events.length > 0) yield page.events;
      after = page.next;
    } while (after !== undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
