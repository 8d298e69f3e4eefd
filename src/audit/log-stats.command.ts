import { CliError, type Command, exitCode } from '../cli/command.js';
import type { LogDoors } from '../cli/log-place.js';
import { lookOptions } from './look-options.js';

/** `portledger log stats`: what is in a log, counted. */
export function logStatsCommand(doors: LogDoors): Command {
  return {
    usage: ['portledger log stats [--offline DIR | --config FILE | --url URL] [--json]'],
    notes: [
      'Size and root hash are those of the Merkle tree over all events (RFC 6962): the same log has the same ones.',
    ],
    exitCodes: ['unreachable'],
    options: { ...lookOptions, json: { type: 'boolean', help: 'write one JSON object' } },
    run: async (input) => {
      const { options, positionals, io } = input;
      if (positionals.length > 0)
        throw new CliError(exitCode.usage, `"${positionals.join(' ')}": log stats takes options only.`);
      const [{ openAsker }, { renderStats }] = await Promise.all([import('./ask-log.js'), import('./render-log.js')]);
      const asker = await openAsker(input, doors);
      try {
        const stats = await asker.stats();
        io.out(`${options.flag('json') ? JSON.stringify(stats) : renderStats(stats)}\n`);
        return exitCode.ok;
      } finally {
        await asker.close();
      }
    },
  };
}
