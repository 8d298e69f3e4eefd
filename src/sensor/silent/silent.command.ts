import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { shortInstant, textTable } from '../../cli/text-table.js';
import type { SilentServersAnswer } from './silent-servers.js';

/** `portledger sensor silent`: paid servers that nobody heard. */
export const silentCommand: Command = {
  usage: ['portledger sensor silent [--switch NAME] [--json]'],
  notes: [
    'A server is named when its link is up, the MAC tables of its switch are read for a day without a gap, and neither they nor a sensor heard it.',
    'Where no sensor of kind "tables" reads the switch nothing is judged. It ends with 5 when a server is silent.',
  ],
  exitCodes: ['differences', 'unreachable'],
  options: {
    switch: { type: 'string', value: 'NAME', help: 'only servers of this switch' },
    ...engineOptions,
    json: { type: 'boolean', help: 'write JSON, one object' },
  },
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0)
      throw new CliError(exitCode.usage, `"${positionals.join(' ')}": sensor silent takes options only.`);
    const switchName = options.text('switch');
    const query = switchName === undefined ? '' : `?${new URLSearchParams({ switch: switchName }).toString()}`;
    const answer = (await EngineClient.from(options, io).get(`/v1/silent-servers${query}`)) as SilentServersAnswer;
    io.out(`${options.flag('json') ? JSON.stringify(answer) : render(answer)}\n`);
    return answer.servers.length > 0 ? exitCode.differences : exitCode.ok;
  },
};

function render({ servers, silentHours, linkNotUp, notJudged }: SilentServersAnswer): string {
  const rows = servers.map(({ serverId, port, lastHeard }) => [
    serverId,
    port,
    lastHeard === undefined ? 'never' : shortInstant(lastHeard),
  ]);
  const rest = [
    linkNotUp > 0 ? `${linkNotUp} more whose link is not known to be up` : '',
    notJudged > 0 ? `${notJudged} not judged, because nobody reads the MAC tables of their switch` : '',
  ].filter(Boolean);
  const sum = [`${servers.length} paid servers with link up not heard for ${silentHours} h`, ...rest].join(', ');
  const table = rows.length === 0 ? [] : [textTable([['SERVER', 'PORT', 'LAST HEARD'], ...rows]), ''];
  return [...table, `${sum}.`].join('\n');
}
