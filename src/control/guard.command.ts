import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import type { GuardStatus } from '../reactors/guard-status.js';
import { PartVerb, refuseMore } from './part-verb.js';
import { renderGuard, renderGuardedPort } from './render-guard.js';

const verb = new PartVerb<GuardStatus>({
  part: 'guard',
  called: 'Guard',
  none: 'No device of this engine has a guard: name one under a device of kind linux in its configuration.',
  render: renderGuard,
});

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
    if (first === 'apply') return verb.apply(more, input);
    return first === undefined ? verb.showAll(input) : show(first, more, input);
  },
};

async function show(device: string, words: readonly string[], { options, io }: CommandInput): Promise<ExitCode> {
  const [port, ...more] = words;
  refuseMore(more);
  if (port === undefined) return verb.show(device, { options, io });
  const status = await verb.read(device, { options, io });
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
  refuseMore(more);
  const body = { mode: wanted, ...(port === undefined ? {} : { port }) };
  const answer = await verb.post(device, 'mode', body, { options, io });
  const where = port ?? `every port of ${device} that nothing else is said of`;
  const said =
    wanted === 'configured' ? `At ${where} the configuration counts again.` : `The guard is to ${wanted} at ${where}.`;
  io.out(
    `${options.flag('json') ? JSON.stringify(answer) : `${said} portledger guard ${device} shows what the device does.`}\n`,
  );
  return exitCode.ok;
}
