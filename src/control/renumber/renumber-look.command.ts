import { type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { textTable } from '../../cli/text-table.js';
import { renderRenumberings } from './render-renumbering.js';
import type { CandidatesAnswer } from './renumber-candidates.js';
import { listed, oneId, renumberingsPath as path, told, usage } from './renumber-verb.js';
import type { RenumberingView } from './renumber-view.js';

/** `portledger renumber list`: what is under way, and who has to do what. */
export const renumberListCommand: Command = {
  usage: ['portledger renumber list [--state STATE] [--json]'],
  notes: ['Those that are under way come first. HEARD counts frames of neighbour discovery, no other traffic.'],
  exitCodes: ['unreachable'],
  options: {
    state: {
      type: 'string',
      value: 'STATE',
      among: async () => (await import('../../../events/index.js')).renumberingStates,
      several: true,
      help: 'safe-to-remove, or several: both-live,safe-to-remove',
    },
    ...engineOptions,
  },
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0) throw usage(`"${positionals.join(' ')}": renumber list takes options only.`);
    const views = await listed(EngineClient.from(options, io), options.text('state'));
    if (options.flag('json')) for (const view of views) io.out(`${JSON.stringify(view)}\n`);
    else io.out(`${renderRenumberings(views)}\n`);
    return exitCode.ok;
  },
};

/** `portledger renumber show`: one of them, with everything. */
export const renumberShowCommand: Command = {
  usage: ['portledger renumber show ID [--json]'],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async (input) => {
    const id = oneId('show', input.positionals);
    const engine = EngineClient.from(input.options, input.io);
    return told(input, (await engine.get(`${path}/${encodeURIComponent(id)}`)) as RenumberingView);
  },
};

/** `portledger renumber candidates`: who has a prefix of that length still. */
export const renumberCandidatesCommand: Command = {
  usage: [
    'portledger renumber candidates --from-length 64          servers with such a prefix that nobody is renumbering',
    'portledger renumber candidates --from-length 64 --list   the same as lines SERVER,FROM, to write the new prefix behind',
  ],
  exitCodes: ['unreachable'],
  options: {
    'from-length': { type: 'string', value: 'N', help: 'the length of the prefixes to find, such as 64' },
    list: { type: 'boolean', help: 'lines for renumber start --list; the new prefix is yours to fill in' },
    ...engineOptions,
  },
  run: async ({ options, positionals, io }) => {
    const length = options.wholeNumber('from-length', 1, 128);
    if (length === undefined || positionals.length > 0)
      throw usage('renumber candidates: expected --from-length, such as 64.');
    const answer = (await EngineClient.from(options, io).get(
      `${path}/candidates?from-length=${length}`,
    )) as CandidatesAnswer;
    const { candidates, left } = answer;
    if (options.flag('json')) for (const one of candidates) io.out(`${JSON.stringify(one)}\n`);
    else if (options.flag('list')) for (const { serverId, from } of candidates) io.out(`${serverId},${from},\n`);
    else {
      const rows = candidates.map(({ serverId, customerId = '', from }) => [serverId, customerId, from]);
      const table = rows.length === 0 ? [] : [textTable([['SERVER', 'CUSTOMER', 'FROM'], ...rows]), ''];
      io.out(
        `${[...table, `${candidates.length + left} prefixes of length ${length} that nobody is renumbering.`].join('\n')}\n`,
      );
    }
    if (left > 0) io.err(`${left} more are not listed: begin with these.\n`);
    return exitCode.ok;
  },
};
