import { CliError, type Command, exitCode, type ExitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import type { ComparisonState, ComparisonStatus } from './comparison-watch.js';
import { renderComparison } from './render-comparison.js';

/** `portledger comparison`: how billing's file and the map differ, as the engine's timer found it. */
export const comparisonCommand: Command = {
  usage: ["portledger comparison [--url URL] [--token-file FILE] [--json]   billing's file held against the map"],
  notes: [
    'The engine holds the file of `comparison` in its configuration against its map on a timer, and publishes nothing.',
    'Ends with 5 where they differ, with 1 where the newest look failed or none was made yet, with 3 where no file is configured.',
    'portledger import --compare compares at once, and --emit writes the events that would close the gap.',
  ],
  exitCodes: ['notFound', 'differences', 'unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0) throw new CliError(exitCode.usage, `"${positionals.join(' ')}" is too much.`);
    const status = (await EngineClient.from(options, io).get('/v1/comparison')) as ComparisonStatus;
    io.out(`${options.flag('json') ? JSON.stringify(status) : renderComparison(status)}\n`);
    return ends[status.state];
  },
};

const ends: Readonly<Record<ComparisonState, ExitCode>> = {
  waiting: exitCode.error,
  failed: exitCode.error,
  differs: exitCode.differences,
  equal: exitCode.ok,
};
