import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { shortInstant, textTable } from '../../cli/text-table.js';
import type { ExceptionView } from './exception-view.js';
import type { ExceptionsAnswer } from './exceptions.controller.js';

/** `portledger exceptions`: what is excused, until when, and whether it is still needed. */
export const exceptionsCommand: Command = {
  usage: ['portledger exceptions [--json]'],
  notes: [
    'Those in force come first. HITS counts what the sensors of the engine would have found since it started; of frames',
    'quite alike one a second is counted. One without hits may not be needed any more.',
  ],
  exitCodes: ['unreachable'],
  options: { ...engineOptions, json: { type: 'boolean', help: 'write one JSON object' } },
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0)
      throw new CliError(exitCode.usage, `"${positionals.join(' ')}": exceptions takes options only.`);
    const answer = (await EngineClient.from(options, io).get('/v1/exceptions')) as ExceptionsAnswer;
    io.out(`${options.flag('json') ? JSON.stringify(answer) : rendered(answer)}\n`);
    return exitCode.ok;
  },
};

function rendered({ countedSince, exceptions }: ExceptionsAnswer): string {
  if (exceptions.length === 0) return 'There are no exceptions.';
  const header = ['ID', 'STATE', 'RULE', 'SCOPE', 'OWNER', 'UNTIL', 'HITS', 'LAST HIT', 'REASON'];
  const rows = exceptions.map((one) => [
    one.exceptionId,
    one.state,
    one.rule,
    scopeText(one),
    one.owner,
    shortInstant(one.ended ?? one.expires),
    String(one.hits),
    one.lastHit === undefined ? '' : shortInstant(one.lastHit),
    one.reason,
  ]);
  return `${textTable([header, ...rows])}\nHits are counted since the engine started, ${shortInstant(countedSince)}.`;
}

const scopeText = ({ scope: { port, mac, prefix, serverId } }: ExceptionView): string =>
  [port, mac, prefix, serverId].filter((one) => one !== undefined).join(' + ');
