import { type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { listed, oneId, reasonIn, renumberingsPath as path, saidOf, usage } from './renumber-verb.js';
import type { RenumberingView } from './renumber-view.js';

/** `portledger renumber next`: asks billing for what comes next. */
export const renumberNextCommand: Command = {
  usage: [
    'portledger renumber next ID [--etag ETAG]                 ask billing for the new prefix, then to release the old one',
    'portledger renumber next ID --not-quiet --reason TEXT     although the old one is not known to be quiet',
    'portledger renumber next --all                            every one that waits for an operator',
  ],
  notes: [
    'With --etag it acts only if nothing changed since you looked (portledger renumber show), and ends with 4 otherwise.',
  ],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: {
    all: { type: 'boolean', help: 'those that are planned, and those whose old prefix is safe to remove' },
    'not-quiet': { type: 'boolean', help: 'the old prefix need not be known to be quiet' },
    reason: { type: 'string', value: 'TEXT', help: 'why; it is stored, and billing is told' },
    etag: { type: 'string', value: 'ETAG', help: 'the etag that it had when you looked at it' },
    ...engineOptions,
  },
  run: (input) => (input.options.flag('all') ? nextOfAll(input) : step('next', input)),
};

/** `portledger renumber back`: takes the last step back. */
export const renumberBackCommand: Command = {
  usage: ['portledger renumber back ID --reason TEXT [--etag ETAG]'],
  notes: [
    'Before billing was asked for anything it just ends. Before the release, billing is asked to release the new prefix.',
    'After it, billing is asked to assign the old one again, and both are live once more.',
  ],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: {
    reason: { type: 'string', value: 'TEXT', help: 'why; it is stored, and billing is told' },
    etag: { type: 'string', value: 'ETAG', help: 'the etag that it had when you looked at it' },
    ...engineOptions,
  },
  run: (input) => {
    if (input.options.text('reason') === undefined) throw usage('--reason is missing: renumber back needs it.');
    return step('back', input);
  },
};

async function nextOfAll({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  if (positionals.length > 0 || options.flag('not-quiet') || options.text('etag') !== undefined)
    throw usage('renumber next --all: takes no id, no --etag and no --not-quiet.');
  const engine = EngineClient.from(options, io);
  const waiting = await listed(engine, 'planned,safe-to-remove');
  let asked = 0;
  for (const { renumberingId, etag } of waiting) {
    const view = (await engine.post(`${path}/${renumberingId}/next`, reasonIn(options), etag)) as RenumberingView;
    io.out(`${options.flag('json') ? JSON.stringify(view) : saidOf(view)}\n`);
    asked++;
  }
  io.err(`${asked} went on.\n`);
  return exitCode.ok;
}

async function step(word: 'next' | 'back', input: CommandInput): Promise<ExitCode> {
  const { options, io } = input;
  const id = oneId(word, input.positionals);
  const engine = EngineClient.from(options, io);
  const one = `${path}/${encodeURIComponent(id)}`;
  const etag = options.text('etag') ?? ((await engine.get(one)) as RenumberingView).etag;
  const notQuiet = word === 'next' && options.flag('not-quiet') ? { notQuiet: true } : {};
  const view = (await engine.post(`${one}/${word}`, { ...reasonIn(options), ...notQuiet }, etag)) as RenumberingView;
  io.out(`${options.flag('json') ? JSON.stringify(view) : saidOf(view)}\n`);
  return exitCode.ok;
}
