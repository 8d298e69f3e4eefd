import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import { type DeviceSummary, renderDevice, renderDevices } from './render-device.js';

const planHashShape = /^[0-9a-f]{16}$/;

/** `portledger device`: what the engine knows of its devices, and the word that releases a brake. */
export const deviceCommand: Command = {
  usage: [
    'portledger device                         every device and its state',
    'portledger device NAME                    mode, brake and plan of one device',
    'portledger device confirm NAME PLANHASH   release its brake once, for exactly this plan (scope operator)',
  ],
  notes: [
    'State: starting, equal (it holds what the map grants), differs, braked (waits for an operator), failing (see the error).',
    'A device in mode observe is never written to; its plan shows what enforce would do.',
  ],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: engineOptions,
  run: ({ positionals, ...rest }) => {
    const [first, ...more] = positionals;
    const input = { positionals, ...rest };
    if (first === undefined) return list(input);
    if (first === 'confirm') return confirm(more, input);
    if (more.length > 0) throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much: ask about one device.`);
    return show(first, input);
  },
};

async function list({ options, io }: CommandInput): Promise<ExitCode> {
  const answer = (await EngineClient.from(options, io).get('/v1/devices')) as { devices: readonly DeviceSummary[] };
  if (options.flag('json')) for (const device of answer.devices) io.out(`${JSON.stringify(device)}\n`);
  else io.out(`${renderDevices(answer.devices)}\n`);
  return exitCode.ok;
}

async function show(name: string, { options, io }: CommandInput): Promise<ExitCode> {
  const status = (await EngineClient.from(options, io).get(pathOf(name))) as DeviceStatus;
  io.out(`${options.flag('json') ? JSON.stringify(status) : renderDevice(status)}\n`);
  return exitCode.ok;
}

async function confirm(words: readonly string[], { options, io }: CommandInput): Promise<ExitCode> {
  const [name, planHash, ...more] = words;
  if (name === undefined || planHash === undefined || more.length > 0) {
    throw new CliError(exitCode.usage, 'confirm: expected the device and the hash of its plan, and nothing else.');
  }
  if (!planHashShape.test(planHash)) {
    const cure = `expected 16 hexadecimal digits, as portledger device ${name} shows them`;
    throw new CliError(exitCode.usage, `PLANHASH: found "${planHash.slice(0, 40)}", ${cure}.`);
  }
  const answer = await EngineClient.from(options, io).request(`${pathOf(name)}/confirm`, {
    method: 'POST',
    contentType: 'application/json',
    body: JSON.stringify({ planHash }),
  });
  if (answer.status >= 400) throw problemOf(answer);
  const said = `The brake of ${name} is released once, for plan ${planHash}; portledger device ${name} shows what came of it.`;
  io.out(`${options.flag('json') ? JSON.stringify(answer.body) : said}\n`);
  return exitCode.ok;
}

const pathOf = (name: string): string => `/v1/devices/${encodeURIComponent(name)}`;
