import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';
import type { GuardApplied } from './guard-applied.js';
import type { DeviceSummary } from './render-device.js';
import { renderDhcp } from './render-dhcp.js';

/** `portledger dhcp`: what the DHCP daemons hand out, and the operator's word. */
export const dhcpCommand: Command = {
  usage: [
    'portledger dhcp                      what every device hands out',
    'portledger dhcp DEVICE               one device',
    'portledger dhcp apply DEVICE PLAN    do this plan of its DHCP and no other (scope operator)',
  ],
  notes: [
    'LISTENS says for which families the daemon has an open socket at the interface, as the kernel says.',
    'apply waits until the daemons were read back: 0 every line is proved done, 5 not every line, 1 it failed.',
  ],
  exitCodes: ['notFound', 'conflict', 'differences', 'unreachable'],
  options: {
    ...engineOptions,
    confirm: {
      type: 'string',
      value: 'WORDS',
      help: "such as 'end dhcp at 40 interfaces of leaf1', when so much is meant to go",
    },
  },
  run: (input) => {
    const [first, ...more] = input.positionals;
    if (first === 'apply') return apply(more, input);
    if (more.length > 0) throw tooMuch(more);
    return first === undefined ? showAll(input) : show(first, input);
  },
};

async function showAll({ options, io }: CommandInput): Promise<ExitCode> {
  const client = EngineClient.from(options, io);
  const { devices } = (await client.get('/v1/devices')) as { devices: readonly DeviceSummary[] };
  const shown: string[] = [];
  for (const { device } of devices) {
    const answer = await client.request(dhcpPath(device), { method: 'GET' });
    if (answer.status === 404) continue;
    if (answer.status >= 400) throw problemOf(answer);
    shown.push(options.flag('json') ? JSON.stringify(answer.body) : renderDhcp(answer.body as DhcpStatus));
  }
  const none =
    'No device of this engine hands out anything: name "dhcp" under a device of kind linux in its configuration.';
  io.out(shown.length > 0 ? `${shown.join(options.flag('json') ? '\n' : '\n\n')}\n` : `${none}\n`);
  return exitCode.ok;
}

async function show(device: string, { options, io }: CommandInput): Promise<ExitCode> {
  const status = (await EngineClient.from(options, io).get(dhcpPath(device))) as DhcpStatus;
  io.out(`${options.flag('json') ? JSON.stringify(status) : renderDhcp(status)}\n`);
  return exitCode.ok;
}

async function apply(words: readonly string[], { options, io }: CommandInput): Promise<ExitCode> {
  const [device, plan, ...more] = words;
  if (device === undefined || plan === undefined || !/^[0-9a-f]{16}$/.test(plan))
    throw new CliError(exitCode.usage, 'dhcp apply: expected a device, and the 16 hexadecimal digits of its plan.');
  if (more.length > 0) throw tooMuch(more);
  const confirm = options.text('confirm');
  const answer = await EngineClient.from(options, io).request(`${dhcpPath(device)}/plans/${plan}/apply`, {
    method: 'POST',
    contentType: 'application/json',
    body: JSON.stringify(confirm === undefined ? {} : { confirm }),
  });
  if (answer.status >= 400) throw problemOf(answer);
  const applied = answer.body as GuardApplied;
  const { outcome, lines, error } = applied;
  const rest = outcome === 'failed' ? `: ${error ?? ''}` : `, ${lines.length} lines`;
  io.out(`${options.flag('json') ? JSON.stringify(applied) : `DHCP of ${device}, plan ${plan}: ${outcome}${rest}`}\n`);
  if (outcome === 'failed') return exitCode.error;
  return outcome === 'partial' ? exitCode.differences : exitCode.ok;
}

const dhcpPath = (device: string): string => `/v1/devices/${encodeURIComponent(device)}/dhcp`;
const tooMuch = (words: readonly string[]): CliError =>
  new CliError(exitCode.usage, `"${words.join(' ').slice(0, 80)}" is too much.`);
