import type { EngineParts } from './engine-parts.js';
import { TriageWatch } from './feed/triage-watch.js';

/** Ends mutes whose time is over, and marks violations that fell silent, from when the map is live. */
export function startTriage({ config, store, violationIndex, log }: EngineParts): { close(): Promise<void> } {
  const quietMs = config.feed.quietHours * 3_600_000;
  const watch = new TriageWatch({ store, index: violationIndex, quietMs, log });
  watch.start();
  return {
    close: async () => {
      await watch.close();
      violationIndex.close();
    },
  };
}
