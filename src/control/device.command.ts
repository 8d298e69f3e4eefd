import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import { type DeviceSummary, renderDevice, renderDevices } from './render-device.js';

/** `portledger device`: what the engine knows of its devices. */
export const deviceCommand: Command = {
  usage: [
    'portledger device        every device and its state',
    'portledger device NAME   mode, brake and state of one device',
  ],
  notes: [
    'State: starting, equal (it holds what the map grants), differs, braked (waits for an operator), failing (see the error).',
    'Mode: observe (never written to), propose (only plans that an operator applied), enforce (made equal to the map).',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: ({ positionals, ...rest }) => {
    const [first, ...more] = positionals;
    const input = { positionals, ...rest };
    if (first === undefined) return list(input);
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

const pathOf = (name: string): string => `/v1/devices/${encodeURIComponent(name)}`;
