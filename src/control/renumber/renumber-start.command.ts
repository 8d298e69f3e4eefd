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
import { listed, renumberingsPath as path, told, usage } from './renumber-verb.js';
import type { RenumberingView } from './renumber-view.js';

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

function problemAt(serverId: string, answer: Parameters<typeof problemOf>[0]): CliError {
  const { exitCode: code, message } = problemOf(answer);
  return new CliError(code, `${serverId}: ${message} Those before it were started; mend the list and call again.`);
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

function readList(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`--list: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
