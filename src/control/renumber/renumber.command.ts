import { readFileSync } from 'node:fs';
import {
  CliError,
  type Command,
  type CommandInput,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../../cli/engine-client.js';
import { textTable } from '../../cli/text-table.js';
import { renderRenumbering, renderRenumberings } from './render-renumbering.js';
import type { CandidatesAnswer } from './renumber-candidates.js';
import type { RenumberingView } from './renumber-view.js';

const path = '/v1/renumberings';
const usage = (message: string): CliError => new CliError(exitCode.usage, message);

/** `portledger renumber start`: plans one, or as many of a list as may be under way at once. */
export const renumberStartCommand: Command = {
  usage: [
    'portledger renumber start --customer ID --from PREFIX --to PREFIX [--server ID] [--quiet TIME]',
    'portledger renumber start --server ID --from PREFIX --to PREFIX [--quiet TIME]',
    'portledger renumber start --list FILE --at-once N [--quiet TIME]   lines SERVER,FROM,TO',
  ],
  notes: [
    'It plans, and asks nothing of anybody: renumber next asks billing for the new prefix. Only billing grants and releases.',
    'With --list it starts the next lines until N are under way, and passes those that were started before: call it again.',
  ],
  exitCodes: ['conflict', 'unreachable'],
  options: {
    customer: { type: 'string', value: 'ID', help: 'whose prefix it is' },
    server: { type: 'string', value: 'ID', help: 'the server that has it' },
    from: { type: 'string', value: 'PREFIX', help: 'the prefix that it has' },
    to: { type: 'string', value: 'PREFIX', help: 'the prefix that it is to have' },
    list: { type: 'string', value: 'FILE', help: 'lines of server, old and new prefix, with commas' },
    'at-once': { type: 'string', value: 'N', help: 'with --list: so many are under way at most' },
    quiet: {
      type: 'string',
      value: 'TIME',
      help: 'how long the old one must not be heard: 72h (the default), 3d, 90m',
    },
    ...engineOptions,
  },
  run: (input) => (input.options.text('list') === undefined ? startOne(input) : startList(input)),
};

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

async function startOne(input: CommandInput): Promise<ExitCode> {
  const { options, positionals, io } = input;
  const [serverId, customerId, from, to] = ['server', 'customer', 'from', 'to'].map((name) => options.text(name));
  if (positionals.length > 0 || from === undefined || to === undefined || (serverId ?? customerId) === undefined)
    throw usage('renumber start: expected --from, --to, and --customer or --server; or --list with --at-once.');
  if (options.text('at-once') !== undefined) throw usage('--at-once: goes with --list alone.');
  const body = { serverId, customerId, from, to, ...quietOf(options) };
  return told(input, (await EngineClient.from(options, io).post(path, body)) as RenumberingView);
}

async function startList(input: CommandInput): Promise<ExitCode> {
  const { options, io } = input;
  const atOnce = options.wholeNumber('at-once', 1, 1_000);
  if (atOnce === undefined) throw usage('--at-once is missing: say how many may be under way, such as 20.');
  // Loaded here: the help of these verbs pays for no parser of prefixes.
  const { readRenumberList } = await import('./renumber-list.js');
  const wanted = readRenumberList(readList(options.text('list') ?? ''));
  const engine = EngineClient.from(options, io);
  const views = await listed(engine, undefined);
  let open = views.filter(({ waitsFor }) => waitsFor !== 'nobody').length;
  const known = new Set(views.filter(({ state }) => state !== 'rolled-back').map(keyOf));
  let [started, passed, left] = [0, 0, 0];
  for (const one of wanted) {
    if (known.has(keyOf(one))) passed++;
    else if (open >= atOnce) left++;
    else {
      const body = { ...one, ...quietOf(options) };
      const answer = await engine.request(path, {
        method: 'POST',
        contentType: 'application/json',
        body: JSON.stringify(body),
      });
      if (answer.status >= 400) throw problemAt(one.serverId, answer);
      const view = answer.body as RenumberingView;
      io.out(
        `${options.flag('json') ? JSON.stringify(view) : `${view.renumberingId} ${view.serverId} ${view.from} -> ${view.to}`}\n`,
      );
      started++;
      open++;
    }
  }
  io.err(`${started} started, ${passed} were before, ${left} are left; ${open} are under way.\n`);
  return exitCode.ok;
}

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

function told({ options, io }: CommandInput, view: RenumberingView): ExitCode {
  io.out(`${options.flag('json') ? JSON.stringify(view) : renderRenumbering(view)}\n`);
  return exitCode.ok;
}

async function listed(engine: EngineClient, states: string | undefined): Promise<RenumberingView[]> {
  const query = states === undefined ? '' : `?state=${encodeURIComponent(states)}`;
  return ((await engine.get(`${path}${query}`)) as { renumberings: RenumberingView[] }).renumberings;
}

function problemAt(serverId: string, answer: Parameters<typeof problemOf>[0]): CliError {
  const { exitCode: code, message } = problemOf(answer);
  return new CliError(code, `${serverId}: ${message} Those before it were started; mend the list and call again.`);
}

function oneId(word: string, positionals: readonly string[]): string {
  const [id, ...more] = positionals;
  if (id !== undefined && more.length === 0) return id;
  throw usage(`renumber ${word}: expected one id; portledger renumber list shows them.`);
}

function reasonIn(options: OptionValues): { readonly reason?: string } {
  const reason = options.text('reason');
  return reason === undefined ? {} : { reason };
}

function quietOf(options: OptionValues): { readonly quietSeconds?: number } {
  const text = options.text('quiet');
  if (text === undefined) return {};
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([dhms])$/.exec(text) ?? [];
  const seconds = Number(count) * ({ d: 86_400, h: 3_600, m: 60, s: 1 }[unit] ?? 0);
  if (seconds > 0) return { quietSeconds: seconds };
  throw usage(`--quiet: found ${text}, expected a time such as 72h, 3d or 90m.`);
}

const keyOf = ({ serverId, from, to }: { serverId: string; from: string; to: string }): string =>
  `${serverId} ${from} ${to}`;
const saidOf = ({ renumberingId, state, detail }: RenumberingView): string => `${renumberingId} is ${state}. ${detail}`;

function readList(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`--list: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
