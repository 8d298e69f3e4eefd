import type { StoredEvent } from '../../events/index.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { Frontier } from '../../src/event-store/merkle-tree.js';
import { independentLeaf } from '../contracts/rfc-6962.js';

/** The log as far as it was looked at: it only ever grows. */
export class Witness {
  /** Event id -> position. */
  readonly positions = new Map<string, string>();
  private readonly frontier = Frontier.empty();
  private after: string | undefined;

  /** @param directory holds the log */
  constructor(private readonly directory: string) {}

  /** Reads what has come, and compares the tree head with the one over all that was ever read; returns the new events. */
  async look(): Promise<StoredEvent[]> {
    const seen: StoredEvent[] = [];
    const reader = await openEmbeddedReader(this.directory);
    try {
      for (let more = true; more;) {
        const page = await reader.readAll(this.after === undefined ? {} : { after: this.after });
        for (const event of page.events) {
          expect(event.ordinal).toBe(this.frontier.size);
          expect(this.positions.has(event.id)).toBe(false);
          seen.push(event);
          this.positions.set(event.id, event.position);
          this.frontier.push(independentLeaf(event));
        }
        this.after = page.events.at(-1)?.position ?? this.after;
        more = page.next !== undefined;
      }
      expect(await reader.tree.head()).toEqual({ size: this.frontier.size, root: this.frontier.root() });
      return seen;
    } finally {
      await reader.close();
    }
  }

  /** Those that are not where they were acknowledged to be. @param acknowledged event id -> position */
  lost(acknowledged: ReadonlyMap<string, string>): string[] {
    return [...acknowledged].flatMap(([id, position]) => (this.positions.get(id) === position ? [] : [id]));
  }
}
