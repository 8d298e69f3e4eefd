import {
  CliError,
  type Command,
  type CommandInput,
  configOption,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../../cli/command.js';
import { printable } from '../../cli/text-table.js';
import type { AppConfig } from '../../config/app-config.js';
import type { Silence } from './silence.js';

/** `portledger prove-silence PORT`: whether the gateway asks anything at a port, heard on the wire. */
export const proveSilenceCommand: Command = {
  usage: [
    'portledger prove-silence PORT [--seconds N] [--json]   run it on the gateway itself, as root, while traffic flows',
  ],
  notes: [
    'Listens to what the gateway itself sends on the interface of PORT, and sends nothing.',
    'It ends with 0 when no ARP request and no neighbour solicitation was sent, with 6 when one was or when the capture lost frames, with 1 when nothing could be heard.',
    'The configuration says which interface PORT is; --interface names it instead.',
  ],
  exitCodes: ['notFound', 'verificationFailed'],
  options: {
    seconds: { type: 'string', value: 'N', help: 'how long to listen, 1 to 86400 (default 10)' },
    json: { type: 'boolean', help: 'write JSON, one object' },
    ...configOption,
    device: { type: 'string', value: 'DEVICE', help: 'where several devices of the configuration have the port' },
    interface: {
      type: 'string',
      value: 'NAME',
      help: 'the interface, such as vlan16, whatever the configuration says',
    },
    netns: { type: 'string', value: 'NAME', help: 'with --interface: the network namespace it is in' },
  },
  run,
};

interface Place {
  readonly interface: string;
  readonly netns?: string;
}

async function run({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  const [name, ...more] = positionals;
  const { parsePort } = await import('../../../events/index.js');
  const port = parsePort(name);
  if (port === undefined || more.length > 0)
    throw new CliError(exitCode.usage, 'prove-silence: expected one port, such as leaf1:Ethernet16.');
  const seconds = options.wholeNumber('seconds', 1, 86_400) ?? 10;
  const given = options.text('interface');
  const netns = options.text('netns');
  if (netns !== undefined && given === undefined)
    throw new CliError(exitCode.usage, '--netns: it says where --interface is; name that as well.');
  const place =
    given === undefined
      ? placeOf(await configuration(options), port, options.text('device'))
      : { interface: interfaceName(given), ...(netns === undefined ? {} : { netns }) };
  if (process.geteuid?.() !== 0)
    throw new CliError(exitCode.error, 'Listening needs root (CAP_NET_RAW): run it with sudo, on the gateway itself.');
  if (!options.flag('json') && io.errIsTerminal) io.err(`Listening on ${place.interface} for ${seconds} s ...\n`);
  const heard = await hear(place, seconds);
  const silent = heard.arpRequests + heard.neighbourSolicitations === 0;
  const proved = silent && heard.lost === 0;
  const sentence = sentenceOf(port, place, heard);
  const answer = { port, interface: place.interface, silent, proved, ...heard, sentence };
  io.out(`${options.flag('json') ? JSON.stringify(answer) : [sentence, ...questionLines(heard)].join('\n')}\n`);
  return proved ? exitCode.ok : exitCode.verificationFailed;
}

async function configuration(options: OptionValues): Promise<AppConfig> {
  const { loadConfig } = await import('../../config/app-config.js');
  return loadConfig(options.text('config'));
}

async function hear(place: Place, seconds: number): Promise<Silence> {
  const { hearSilence, SilenceError } = await import('./silence.js');
  try {
    return await hearSilence(place, seconds);
  } catch (error) {
    if (error instanceof SilenceError) throw new CliError(exitCode.error, error.message);
    throw error;
  }
}

/** Where the configuration says that a port is. Throws a CliError that says what it names instead. */
function placeOf({ gateways }: AppConfig, port: string, device: string | undefined): Place {
  const all = gateways.flatMap(({ devices }) => devices);
  const having = all.filter(({ name, ports }) => Object.hasOwn(ports, port) && (device ?? name) === name);
  const [found, another] = having;
  if (found === undefined) {
    const known =
      all
        .flatMap(({ ports }) => Object.keys(ports))
        .slice(0, 20)
        .join(', ') || 'none';
    const cure = `It names: ${known}. Or name the interface with --interface.`;
    throw new CliError(
      exitCode.notFound,
      `The configuration names no port ${port}${device === undefined ? '' : ` of ${device}`}. ${cure}`,
    );
  }
  if (another !== undefined) {
    const names = having.map(({ name }) => name).join(', ');
    throw new CliError(
      exitCode.usage,
      `Several devices have ${port}: ${names}. Name the one you are on with --device.`,
    );
  }
  const { driver, ports } = found;
  if (driver.kind !== 'linux' || driver.host !== undefined) {
    const what = driver.kind === 'linux' ? 'reached over SSH' : `of kind ${driver.kind}`;
    const why = `${found.name} is ${what}: nothing can be heard on it from here.`;
    throw new CliError(
      exitCode.error,
      `${why} Run it on the gateway itself, or mirror the port to a Linux box, and name the interface with --interface.`,
    );
  }
  const name = interfaceName(ports[port] ?? '');
  return { interface: name, ...(driver.netns === undefined ? {} : { netns: driver.netns }) };
}

function interfaceName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(text)) return text;
  const found = text.slice(0, 40);
  throw new CliError(exitCode.usage, `--interface: found ${found}, expected the name of a Linux interface.`);
}

function sentenceOf(port: string, place: Place, heard: Silence): string {
  const { seconds, arpRequests, neighbourSolicitations, carried, lost } = heard;
  const where = `on ${place.interface} (${port}) in ${seconds} s`;
  const traffic =
    carried === undefined
      ? 'how much traffic went through is not known'
      : `${carried.in} frames came in and ${carried.out} went out`;
  const asked = arpRequests + neighbourSolicitations;
  if (asked > 0)
    return `Not silent: the gateway sent ${arpRequests} ARP requests and ${neighbourSolicitations} neighbour solicitations ${where}, while ${traffic}.`;
  if (lost > 0)
    return `Not proved: the capture lost ${lost} frames ${where}; in those it heard, the gateway asked nothing.`;
  const idle = carried !== undefined && carried.in === 0 && carried.out === 0;
  const little = idle ? ' Nothing flowed: say it again while traffic does.' : '';
  return `Silent: the gateway sent no ARP request and no neighbour solicitation ${where}, while ${traffic}.${little}`;
}

function questionLines({ questions, arpRequests, neighbourSolicitations }: Silence): string[] {
  const lines = questions.map(({ kind, target, source }) => {
    const own = source === '::' ? ' (duplicate address detection of an address of its own)' : '';
    return `  ${kind} for ${printable(target)} from ${printable(source)}${own}`;
  });
  const more = arpRequests + neighbourSolicitations - questions.length;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
