import type { Violation } from './violation.js';

/** Does it to violations as they were seen; resolves with each that was done, as it is then. */
type Work = (targets: readonly Violation[]) => Promise<readonly Violation[]>;

const seenAs = ({ violationId, etag = '' }: Violation): string => `${violationId} ${etag}`;

/**
 * What a reader does to the same violation happens in the order of their keys, each at what the one before left of it.
 * So a second key that is quicker than the first answer is not refused because of the reader's own first.
 */
export class Turns {
  /** What is under way, by violation. */
  private readonly busy = new Map<string, { readonly name: string; readonly ends: Promise<unknown> }>();
  /** What our own actions made of a violation that was seen. */
  private readonly left = new Map<string, Violation>();

  /** Whether this very thing is being done to all of these. */
  isUnderWay(name: string, targets: readonly Violation[]): boolean {
    return targets.length > 0 && targets.every(({ violationId }) => this.busy.get(violationId)?.name === name);
  }

  /** Works when nothing else is under way for any of these. */
  async take(name: string, targets: readonly Violation[], work: Work): Promise<void> {
    const before = targets.flatMap(({ violationId }) => this.busy.get(violationId)?.ends ?? []);
    const ends = Promise.allSettled(before).then(async () => {
      const current = targets.map((violation) => this.asLeft(violation));
      const done = new Map((await work(current)).map((violation) => [violation.violationId, violation]));
      for (const seen of current) {
        const now = done.get(seen.violationId);
        if (now !== undefined && now.etag !== seen.etag) this.left.set(seenAs(seen), now);
      }
    });
    const own = { name, ends };
    for (const { violationId } of targets) this.busy.set(violationId, own);
    try {
      await ends;
    } finally {
      for (const { violationId } of targets) if (this.busy.get(violationId) === own) this.busy.delete(violationId);
      if (this.busy.size === 0) this.left.clear();
    }
  }

  private asLeft(seen: Violation): Violation {
    const now = this.left.get(seenAs(seen));
    return now === undefined ? seen : this.asLeft(now);
  }
}
