import type { Command } from '../cli/command.js';
import type { LogDoors } from '../cli/log-place.js';
import { lookOptions } from './look-options.js';

export const usualEvents = 20;

/** `portledger log tail`: the newest events, and those that come. */
export function logTailCommand(doors: LogDoors): Command {
  return {
    usage: [
      'portledger log tail [-n N] [--follow] [--stream NAME] [--type TYPE,...] [--offline DIR | --config FILE | --url URL] [--json]',
    ],
    notes: [
      'Oldest first. An event that cannot be read is shown with the reason.',
      'With --follow it goes on after the engine was away, and misses nothing.',
    ],
    exitCodes: ['notFound', 'unreachable'],
    options: {
      lines: {
        type: 'string',
        short: 'n',
        value: 'N',
        help: `so many events (default ${usualEvents}; 0 with --follow)`,
      },
      follow: { type: 'boolean', short: 'f', help: 'then each event as it is stored, until interrupted' },
      stream: { type: 'string', value: 'NAME', help: 'only events of this stream, such as server-srv-17' },
      type: { type: 'string', value: 'TYPE', help: 'only events of this type, or of several with commas' },
      ...lookOptions,
    },
    run: async (input) => (await import('./log-tail-run.js')).runTail(input, doors),
  };
}
