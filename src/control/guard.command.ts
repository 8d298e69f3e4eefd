import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import type { GuardStatus } from '../reactors/guard-status.js';
import type { GuardApplied } from './guard-applied.js';
import type { DeviceSummary } from './render-device.js';
import { renderGuard, renderGuardedPort } from './render-guard.js';

/** `portledger guard`: what the ports let in, what was counted, and the operator's word. */
export const guardCommand: Command = {
  usage: [
    'portledger guard                                    the guards of every device',
    'portledger guard DEVICE [PORT]                      one device, or one port with its rules and counters',
    'portledger guard mode DEVICE count|drop|configured [PORT]   how to guard from now on (scope operator)',
    'portledger guard apply DEVICE PLAN                  do this plan of its guard and no other (scope operator)',
  ],
  notes: [
    'In mode count a port drops nothing and counts what it would drop; look at the counters for a week before mode drop.',
    'What is said of a port goes before what is said of its device; configured takes an operator’s word back.',
    'apply waits until the guard was read back: 0 every line is proved done, 5 not every line, 1 it failed.',
  ],
  exitCodes: ['notFound', 'conflict', 'differences', 'unreachable'],
  options: {
    ...engineOptions,
    confirm: {
      type: 'string',
      value: 'WORDS',
      help: "such as 'close 40 ports of leaf1', when so much is meant to close",
    },
  },
  run: (input) => {
    const [first, ...more] = input.positionals;
    if (first === 'mode') return mode(more, input);
    if (first === 'apply') return apply(more, input);
    return first === undefined ? showAll(input) : show(first, more, input);
  },
};

async function showAll({ options, io }: CommandInput): Promise<ExitCode> {
  const client = EngineClient.from(options, io);
  const { devices } = (await client.get('/v1/devices')) as { devices: readonly DeviceSummary[] };
  const shown: string[] = [];
  for (const { device } of devices) {
    const answer = await client.request(guardPath(device), { method: 'GET' });
    if (answer.status === 404) continue;
    if (answer.status >= 400) throw problemOf(answer);
    shown.push(options.flag('json') ? JSON.stringify(answer.body) : renderGuard(answer.body as GuardStatus));
  }
  io.out(shown.length > 0 ? `${shown.join(options.flag('json') ? '\n' : '\n\n')}\n` : noGuard);
  return exitCode.ok;
}

const noGuard = 'No device of this engine has a guard: name one under a device of kind linux in its configuration.\n';

async function show(device: string, words: readonly string[], { options, io }: CommandInput): Promise<ExitCode> {
  const [port, ...more] = words;
  if (more.length > 0) throw tooMuch(more);
  const status = (await EngineClient.from(options, io).get(guardPath(device))) as GuardStatus;
  if (port === undefined) {
    io.out(`${options.flag('json') ? JSON.stringify(status) : renderGuard(status)}\n`);
    return exitCode.ok;
  }
  const found = status.ports.find((one) => one.interface === port || one.ports.includes(port));
  if (found === undefined) {
    const known = status.ports.flatMap((one) => one.ports).join(', ') || 'none yet';
    throw new CliError(exitCode.notFound, `The guard of ${device} has no port ${port.slice(0, 80)}; it has: ${known}.`);
  }
  io.out(`${options.flag('json') ? JSON.stringify(found) : renderGuardedPort(found)}\n`);
  return exitCode.ok;
}

async function mode(words: readonly string[], { options, io }: CommandInput): Promise<ExitCode> {
  const [device, wanted, port, ...more] = words;
  if (device === undefined || (wanted !== 'count' && wanted !== 'drop' && wanted !== 'configured'))
    throw new CliError(exitCode.usage, 'guard mode: expected a device, and count, drop or configured.');
  if (more.length > 0) throw tooMuch(more);
  const body = { mode: wanted, ...(port === undefined ? {} : { port }) };
  const answer = await post(`${guardPath(device)}/mode`, body, { options, io });
  const where = port ?? `every port of ${device} that nothing else is said of`;
  const said =
    wanted === 'configured' ? `At ${where} the configuration counts again.` : `The guard is to ${wanted} at ${where}.`;
  io.out(
    `${options.flag('json') ? JSON.stringify(answer) : `${said} portledger guard ${device} shows what the device does.`}\n`,
  );
  return exitCode.ok;
}

async function apply(words: readonly string[], { options, io }: CommandInput): Promise<ExitCode> {
  const [device, plan, ...more] = words;
  if (device === undefined || plan === undefined || !/^[0-9a-f]{16}$/.test(plan))
    throw new CliError(exitCode.usage, 'guard apply: expected a device, and the 16 hexadecimal digits of its plan.');
  if (more.length > 0) throw tooMuch(more);
  const confirm = options.text('confirm');
  const path = `${guardPath(device)}/plans/${plan}/apply`;
  const applied = (await post(path, confirm === undefined ? {} : { confirm }, { options, io })) as GuardApplied;
  const { outcome, lines, error } = applied;
  const rest = outcome === 'failed' ? `: ${error ?? ''}` : `, ${lines.length} lines`;
  io.out(`${options.flag('json') ? JSON.stringify(applied) : `Guard of ${device}, plan ${plan}: ${outcome}${rest}`}\n`);
  if (outcome === 'failed') return exitCode.error;
  return outcome === 'partial' ? exitCode.differences : exitCode.ok;
}

async function post(
  path: string,
  body: object,
  { options, io }: Pick<CommandInput, 'options' | 'io'>,
): Promise<unknown> {
  const answer = await EngineClient.from(options, io).request(path, {
    method: 'POST',
    contentType: 'application/json',
    body: JSON.stringify(body),
  });
  if (answer.status >= 400) throw problemOf(answer);
  return answer.body;
}

const guardPath = (device: string): string => `/v1/devices/${encodeURIComponent(device)}/guard`;
const tooMuch = (words: readonly string[]): CliError =>
  new CliError(exitCode.usage, `"${words.join(' ').slice(0, 80)}" is too much.`);
