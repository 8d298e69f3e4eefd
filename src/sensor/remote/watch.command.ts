import {
  CliError,
  type Command,
  type CommandInput,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { Interrupt } from '../../cli/interrupt.js';
import { Log } from '../../ops/log.js';
import type { CaptureDirectory, CapturePlace, CaptureSource } from '../capture/capture-source.js';
import { DiskSpool, spoolBytes } from './disk.spool.js';
import { MemorySpool } from './spool.js';

/** `portledger sensor watch`: a sensor on another box, with no more than the right to hear. */
export const watchCommand: Command = {
  usage: [
    'portledger sensor watch --engine URL --token-file FILE [-i IFACE] [--netns NS] [--spool DIR]',
    'portledger sensor watch --engine URL --token-file FILE -r FILE [--spool DIR]   judge a capture file by the map of now, and send',
  ],
  notes: [
    'Follows the map of an engine, judges what comes in at one port, and sends its verdicts; the rest of what it hears is forgotten.',
    'The engine has the sensor in its configuration, with "remote": true, and so knows its port; --name, --switch, --port and --vlan are held against that.',
    'The token has the scope sensor and is bound to the name of the sensor: portledger token new --scope sensor --sensor NAME.',
    'It needs no right but CAP_NET_RAW: src/sensor/remote/README.md has the unit. --netns needs root.',
    'While the engine is away it goes on by the map as it was, and its verdicts wait in --spool, or in memory without one.',
  ],
  exitCodes: ['notFound', 'unreachable', 'interrupted'],
  options: {
    engine: { type: 'string', value: 'URL', help: 'the engine; the same as --url' },
    ...engineOptions,
    interface: { type: 'string', short: 'i', value: 'IFACE', help: 'hear here; default: as the engine has it' },
    netns: { type: 'string', value: 'NS', help: 'the network namespace that the interface is in' },
    read: { type: 'string', short: 'r', value: 'FILE', help: 'judge this capture file instead, and end' },
    spool: { type: 'string', value: 'DIR', help: 'verdicts wait here for the engine, and outlive this process' },
    'spool-bytes': { type: 'string', value: 'N', help: `at most so many; the oldest go (default ${spoolBytes})` },
    name: { type: 'string', value: 'NAME', help: 'the sensor; refused where the token speaks for another' },
    switch: { type: 'string', value: 'NAME', help: 'its switch; refused where the engine has another' },
    port: { type: 'string', value: 'PORT', help: 'its port; refused where the engine has another' },
    vlan: { type: 'string', value: 'N', help: 'the VLAN of untagged frames; refused where the engine has another' },
    json: { type: 'boolean', help: 'tell what it watches as JSON' },
  },
  run,
};

const heldAgainst = ['name', 'switch', 'port', 'vlan'] as const;

async function run(input: CommandInput): Promise<ExitCode> {
  const { options, positionals, io } = input;
  if (positionals.length > 0)
    throw new CliError(exitCode.usage, `"${positionals.join(' ')}": sensor watch takes options only.`);
  const engine = engineOf(input);
  // A token that cannot be read is told at once; later ones are read anew for each request, so that it can be replaced.
  engine();
  const file = options.text('read');
  const directory = options.text('spool');
  const bytes = options.wholeNumber('spool-bytes', 1_048_576, 1_099_511_627_776) ?? spoolBytes;
  const spool = directory === undefined ? new MemorySpool() : DiskSpool.open(directory, bytes);
  const { SensorWatch } = await import('./watch.js');
  const interrupt = new Interrupt();
  const terminated = new AbortController();
  const terminate = (): void => terminated.abort();
  process.once('SIGTERM', terminate);
  try {
    const watch = new SensorWatch({
      engine,
      spool,
      log: new Log('json', (line) => io.err(line)),
      placeOf: (source) => placeOf(source, options),
      ...(file !== undefined && { file }),
      onWatching: (source, ordinal) => io.out(`${announced(source, ordinal, input)}\n`),
    });
    await watch.run(AbortSignal.any([interrupt.signal, terminated.signal]));
    const { queued, refused, lost } = watch.state;
    if (queued + refused + lost > 0)
      io.err(`portledger: ${queued} verdicts wait in the spool, ${refused} were refused, ${lost} were lost.\n`);
    return interrupt.wanted ? exitCode.interrupted : refused > 0 ? exitCode.error : exitCode.ok;
  } finally {
    process.off('SIGTERM', terminate);
    interrupt.end();
  }
}

function engineOf({ options, io }: CommandInput): () => EngineClient {
  const url = options.text('engine');
  if (url === undefined) return () => EngineClient.from(options, io);
  if (options.text('url') !== undefined)
    throw new CliError(exitCode.usage, '--engine and --url are the same: give only one of them.');
  const env = { ...io.env, PORTLEDGER_URL: url };
  return () => EngineClient.from(options, { ...io, env });
}

/** Where to hear. Throws a usage error where what was said on the command line is not what the engine has. */
function placeOf(source: CaptureSource, options: OptionValues): CapturePlace | CaptureDirectory {
  for (const name of heldAgainst) {
    const given = options.text(name);
    const known = String(source[name]);
    if (given === undefined || given === known) continue;
    const cure = 'correct the one that is wrong, or use the token of the other sensor';
    throw new CliError(exitCode.usage, `--${name}: found ${given}, but the engine has ${known}: ${cure}.`);
  }
  const given = options.text('interface');
  if (source.directory !== undefined && given === undefined) return { directory: source.directory };
  const { netns: known, interface: configured = '' } = source.directory === undefined ? source : {};
  const netns = options.text('netns') ?? known;
  return { interface: given ?? configured, ...(netns !== undefined && { netns }) };
}

function announced(source: CaptureSource, ordinal: number, { options }: CommandInput): string {
  const { name, switch: switchName, port, vlan, attribution } = source;
  if (options.flag('json'))
    return JSON.stringify({ sensor: name, switch: switchName, port, vlan, attribution, ordinal });
  const what = options.text('read') ?? options.text('interface') ?? source.directory ?? source.interface;
  const place = port === undefined ? `ports of ${switchName}` : `${port} VLAN ${vlan}`;
  return `Sensor ${name} watches ${place} on ${what}, by the map at #${ordinal}.`;
}
