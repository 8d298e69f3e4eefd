import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import type { CoverageAnswer } from './port-coverage.js';
import { renderCoverage } from './render-coverage.js';

/** `portledger sensor coverage`: which sold port is watched by which sensor. */
export const coverageCommand: Command = {
  usage: ['portledger sensor coverage [--switch NAME] [--site NAME] [--limit N] [--json]'],
  notes: [
    'What is not watched comes first, then what has a silent sensor. A frame that comes in at any other port would be judged.',
    'It ends with 0 when every sold port is watched, with 5 when one is not or its sensor is silent.',
  ],
  exitCodes: ['differences', 'unreachable'],
  options: {
    switch: { type: 'string', value: 'NAME', help: 'only ports of this switch' },
    site: { type: 'string', value: 'NAME', help: 'only ports of this site' },
    limit: { type: 'string', value: 'N', help: 'at most so many ports, the worst first (default 1000)' },
    ...engineOptions,
    json: { type: 'boolean', help: 'write JSON, one object' },
  },
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0)
      throw new CliError(exitCode.usage, `"${positionals.join(' ')}": sensor coverage takes options only.`);
    const limit = options.wholeNumber('limit', 1, 100_000);
    const asked = new URLSearchParams();
    for (const name of ['switch', 'site']) {
      const value = options.text(name);
      if (value !== undefined) asked.set(name, value);
    }
    if (limit !== undefined) asked.set('limit', String(limit));
    const answer = (await EngineClient.from(options, io).get(`/v1/coverage?${asked.toString()}`)) as CoverageAnswer;
    io.out(`${options.flag('json') ? JSON.stringify(answer) : renderCoverage(answer)}\n`);
    const { notWatched, silent, starting } = answer.totals;
    return notWatched + silent + starting > 0 ? exitCode.differences : exitCode.ok;
  },
};
