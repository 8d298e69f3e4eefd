import type { LinuxLink } from '../transports/linux-link-reader.js';
import type { LinkReader } from './link-source.js';

/**
 * Reads the links of a device that tells of no change by itself: `ask` fetches its whole list, with one constant command
 * over an authenticated channel, and `parse` reads it. What the list does not show stays as it was.
 */
export function polledLinks<Answer>(
  ask: () => Promise<Answer>,
  parse: (answer: Answer) => Map<string, LinuxLink>,
  close: () => Promise<void> | void,
): LinkReader {
  return {
    missing: 'unknown',
    read: async () => parse(await ask()),
    watch: () => undefined,
    close: async () => {
      await close();
    },
  };
}
