import type { StoredEvent } from '../../events/index.js';
import { eventLeaf, Frontier, type LeafEvent } from '../event-store/event-store.port.js';
import type { Finding } from './verification.js';

/** Reads a log from its first event on, as a stranger would: nothing is taken from the store but the events themselves. */
export class LogReading {
  private readonly tree = Frontier.empty();
  private readonly revisions = new Map<string, number>();
  private readonly kinds = new Set<Finding['kind']>();
  private recordedAt = '';
  /** The first of each kind. */
  readonly findings: Finding[] = [];

  /** How many events were read. */
  get size(): number {
    return this.tree.size;
  }

  /** The root over what was read. */
  root(): Buffer {
    return this.tree.root();
  }

  /** Takes the next event. */
  take(event: StoredEvent): void {
    const ordinal = this.size;
    if (event.ordinal !== ordinal) this.find('ordinal', ordinal, `ordinal ${event.ordinal}`, `ordinal ${ordinal}`);
    this.checkRevision(event, ordinal);
    this.checkRecordedAt(event, ordinal);
    const leaf = leafOrNone(event);
    if (leaf === noLeaf)
      this.find('leaf', ordinal, 'data without a canonical form', 'an event as a store takes it in (RFC 8785)');
    this.tree.push(leaf);
  }

  private checkRevision({ stream, revision }: StoredEvent, ordinal: number): void {
    const expected = this.revisions.get(stream) ?? 0;
    if (revision !== expected)
      this.find(
        'revision',
        ordinal,
        `revision ${revision} of ${stream}`,
        `revision ${expected}, the next of that stream`,
      );
    this.revisions.set(stream, expected + 1);
  }

  private checkRecordedAt({ metadata }: StoredEvent, ordinal: number): void {
    // An event nobody stored can hold anything.
    const recordedAt: unknown = (metadata as unknown as Readonly<Record<string, unknown>> | null)?.['recordedAt'];
    // Events that were stored together have one stamp.
    if (recordedAt !== '' && recordedAt === this.recordedAt) return;
    if (typeof recordedAt !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(recordedAt))
      this.find(
        'recorded-at',
        ordinal,
        `recordedAt ${JSON.stringify(recordedAt)}`,
        'an instant in UTC with milliseconds',
      );
    else if (recordedAt < this.recordedAt)
      this.find(
        'recorded-at',
        ordinal,
        `recordedAt ${recordedAt}`,
        `${this.recordedAt}, that of the event before, or later`,
      );
    else this.recordedAt = recordedAt;
  }

  private find(kind: Finding['kind'], ordinal: number, found: string, expected: string): void {
    if (this.kinds.has(kind)) return;
    this.kinds.add(kind);
    this.findings.push({ kind, ordinal, found, expected });
  }
}

const noLeaf = Buffer.alloc(32);

/** The leaf hash of an event; zeros, which no event has, for one without a canonical form. */
export function leafOrNone(event: LeafEvent): Buffer {
  try {
    return eventLeaf(event);
  } catch {
    return noLeaf;
  }
}
