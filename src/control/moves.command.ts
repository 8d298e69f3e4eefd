import { CliError, type Command, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import { shortInstant, textTable } from '../cli/text-table.js';
import type { Move } from '../reactors/moves.js';

/** `portledger moves`: what is on its way from one gateway to another, and how long each was dark. */
export const movesCommand: Command = {
  usage: ['portledger moves   moves under way, then those that ended since the engine started'],
  notes: [
    'BLACKOUT is the time from the old gateway read back without the prefix to the new one read back with it.',
    'Earlier moves are in the journal: portledger log stream journal-DEVICE, events MoveFinished.',
  ],
  exitCodes: ['unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0) throw new CliError(exitCode.usage, `"${positionals.join(' ')}" is too much.`);
    const { moves } = (await EngineClient.from(options, io).get('/v1/moves')) as { moves: readonly Move[] };
    if (options.flag('json')) for (const move of moves) io.out(`${JSON.stringify(move)}\n`);
    else io.out(`${renderMoves(moves)}\n`);
    return exitCode.ok;
  },
};

/** `portledger move release`: an operator's word for a move whose old gateway cannot be asked. */
export const moveReleaseCommand: Command = {
  usage: [
    'portledger move release PREFIX   announce it at its new gateway now (scope operator)',
    'portledger move release SERVER   the same for all that waits of one server',
  ],
  notes: [
    'The old gateway may announce it still: make sure that it does not, or customers are reached at two places.',
    'It is fenced, with an alert, until it is read back without it; the word is journaled with the move.',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    const [what, ...more] = positionals;
    if (what === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'move release: expected one prefix, address or server id, and nothing else.');
    const isDestination = what.includes('/') || /^[0-9.]+$/.test(what);
    const answer = await EngineClient.from(options, io).request('/v1/moves/release', {
      method: 'POST',
      contentType: 'application/json',
      body: JSON.stringify(isDestination ? { destination: what } : { serverId: what }),
    });
    if (answer.status >= 400) throw problemOf(answer);
    const { released } = answer.body as { released: readonly Move[] };
    const said = released.map(({ destination, to }) => `${destination} is announced at ${to} now`).join('\n');
    io.out(`${options.flag('json') ? JSON.stringify(answer.body) : said}\n`);
    return exitCode.ok;
  },
};

const header = ['DESTINATION', 'SERVER', 'FROM', 'TO', 'STATE', 'BLACKOUT', 'SINCE', 'NOTE'];

function renderMoves(moves: readonly Move[]): string {
  if (moves.length === 0) return 'Nothing is on its way, and nothing moved since the engine started.';
  return textTable([header, ...moves.map(row)]);
}

function row(move: Move): string[] {
  const { destination, serverId, from, to, state, blackoutMs, startedAt, finishedAt } = move;
  const blackout = blackoutMs === undefined ? '' : `${blackoutMs} ms`;
  return [
    destination,
    serverId,
    from.join(' '),
    to,
    state,
    blackout,
    shortInstant(finishedAt ?? startedAt),
    noteOf(move),
  ];
}

function noteOf({ waits, oldSide, releasedBy, manner }: Move): string {
  const notes = [
    ...(waits === undefined ? [] : [waits]),
    ...(oldSide === 'confirmed' ? [] : ['old side unconfirmed']),
    ...(releasedBy === undefined ? [] : [`released by ${releasedBy}`]),
    ...(manner === 'announce-first' ? ['announced first'] : []),
  ];
  return notes.join('; ');
}
