import type { LogCopy, TreeHead } from '../event-store.port.js';
import { eventsBetween, type LogSource } from './log-source.js';

export interface CopyOptions {
  readonly isStopped: () => boolean;
  /** Events copied now, and how many this run has to copy. */
  readonly onProgress: (done: number, all: number) => void;
}

/**
 * Brings a copy up to the head its source has now and ends it; undefined when it was stopped before.
 * Rejects with the copy's StoreError `copy-differs` when the two do not have the same tree head.
 */
export async function copyLog(source: LogSource, copy: LogCopy, options: CopyOptions): Promise<TreeHead | undefined> {
  const head = await source.head();
  const held = copy.size;
  let done = 0;
  if (held < head.size) {
    for await (const page of eventsBetween(source, { from: held, to: head.size })) {
      await copy.add(page);
      done += page.length;
      options.onProgress(done, head.size - held);
      if (options.isStopped() && held + done < head.size) return undefined;
    }
  }
  await copy.finish(head);
  return head;
}
