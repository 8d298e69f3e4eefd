import { parsePort, parseVlan, switchOf } from '../../../events/index.js';
import { CliError, exitCode, type OptionValues } from '../../cli/command.js';
import { didYouMean } from '../../config/nearest.js';
import { loadConfig } from '../../config/app-config.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { configuredSources } from '../capture/configured-sources.js';
import type { Recorder } from './known-violations.js';

/** Where a capture was heard, whose records it is held against, and how long findings wait there. */
export interface HeardAt {
  readonly source: CaptureSource;
  readonly recorder: Recorder;
  readonly inFlightWindowMs?: number;
}

/** Throws a usage error where the options do not say it, or say it twice. */
export function heardAt(options: OptionValues): HeardAt {
  const [sensor, portText] = [options.text('sensor'), options.text('port')];
  if ((sensor === undefined) === (portText === undefined)) {
    const found = sensor === undefined ? 'neither' : 'both';
    const detail = `found ${found} of --sensor and --port, expected one of them: whose frames are these?`;
    throw new CliError(exitCode.usage, `sensor replay: ${detail}`);
  }
  return sensor === undefined ? ofPort(portText ?? '', options.text('vlan')) : ofSensor(sensor, options);
}

function ofSensor(name: string, options: OptionValues): HeardAt {
  if (options.text('vlan') !== undefined)
    throw new CliError(exitCode.usage, '--vlan: the configuration says it for --sensor; leave it out.');
  const { sensors, inFlightWindowMs } = loadConfig(options.text('config'));
  const config = sensors.find((one) => one.name === name);
  const [source] = config === undefined ? [] : configuredSources([config]);
  if (source?.attribution === 'mac-table') {
    const detail = `sensor ${name} knew ports from MAC tables of that moment, which no capture holds; replay what one port sent with --port and --vlan.`;
    throw new CliError(exitCode.usage, `sensor replay: ${detail}`);
  }
  if (source !== undefined) return { source, recorder: { sensor: name }, inFlightWindowMs };
  const names = sensors.map((one) => one.name);
  const known = names.join(', ') || 'none';
  const detail = `The configuration has no sensor ${name}; it has: ${known}.${didYouMean(name, names)}`;
  throw new CliError(exitCode.notFound, detail);
}

function ofPort(portText: string, vlanText: string | undefined): HeardAt {
  const port = parsePort(portText);
  if (port === undefined)
    throw new CliError(exitCode.usage, `--port: found ${portText}, expected a port such as leaf1:Ethernet16.`);
  const vlan = parseVlan(Number(vlanText));
  if (vlan === undefined) {
    const found = vlanText === undefined ? 'nothing' : vlanText;
    throw new CliError(exitCode.usage, `--vlan: found ${found}, expected the VLAN of untagged frames, 1 to 4094.`);
  }
  const place = { switch: switchOf(port), port, vlan, attribution: 'interface' as const };
  return { source: { name: 'replay', site: 'default', interface: 'capture', ...place }, recorder: { port } };
}
