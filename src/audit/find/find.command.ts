import { type Command, CliError, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import type { FindAnswer } from './find.js';
import { renderFound } from './render-found.js';

/** `portledger find TEXT`: everything that has a name, and where it stands. */
export const findCommand: Command = {
  usage: ['portledger find TEXT [--past] [--limit N] [--json]'],
  notes: [
    'TEXT is a MAC, an address or a prefix in any notation, a server, customer, port or violation, or the beginning of one;',
    'also a port in short, such as "leaf1 e16". With --past also "#1200" and the id of an event.',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: {
    past: { type: 'boolean', help: 'also events, and who had it before, from the log (needs auditor)' },
    limit: { type: 'string', value: 'N', help: 'hits of each kind, 1 to 50 (default 8)' },
    ...engineOptions,
  },
  run: async ({ options, positionals, io }) => {
    const text = positionals.join(' ');
    if (text === '') throw new CliError(exitCode.usage, 'find: name what to look for, such as 52:54:00:00:00:16.');
    const asked = new URLSearchParams({ q: text });
    const limit = options.text('limit');
    if (limit !== undefined) asked.set('limit', limit);
    if (options.flag('past')) asked.set('past', 'true');
    const answer = (await EngineClient.from(options, io).get(`/v1/search?${asked.toString()}`)) as FindAnswer;
    io.out(`${options.flag('json') ? JSON.stringify(answer) : renderFound(answer)}\n`);
    return answer.groups.length === 0 ? exitCode.notFound : exitCode.ok;
  },
};
