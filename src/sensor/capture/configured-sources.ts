import { type Attribution, parsePort, parseSwitchName, parseVlan } from '../../../events/index.js';
import type { SensorConfig } from '../../config/app-config.js';
import type { CaptureDirectory, CapturePlace, CaptureSource } from './capture-source.js';

/** A sensor whose configuration does not say where its frames come from, or whom they belong to. */
export class SensorConfigError extends Error {
  override readonly name = 'SensorConfigError';

  constructor(sensor: string, finding: string, cure: string) {
    super(`Sensor ${sensor} ${finding}: ${cure}.`);
  }
}

/** What a capture needs of the entry of a sensor. */
type ListeningSensor = Pick<SensorConfig, 'name' | 'switch' | 'site'> &
  Partial<Pick<SensorConfig, 'kind' | 'netns' | 'interface' | 'directory' | 'attribution' | 'port' | 'vlan'>>;

/**
 * The capture sources of the configuration. A sensor that names a port is one server's port, unless it says otherwise.
 * @throws SensorConfigError for a sensor that leaves open where it hears or whose frames these are, or says both
 */
export function configuredSources(sensors: readonly ListeningSensor[]): CaptureSource[] {
  return sensors.flatMap((sensor) => {
    if (sensor.kind === 'tables') return []; // reads, and hears nothing
    const { name, site } = sensor;
    const switchName = parseSwitchName(sensor.switch);
    if (switchName === undefined) throw lacking(sensor, 'switch');
    return [{ name, site, switch: switchName, ...belonging(sensor), ...placeOf(sensor) }];
  });
}

/**
 * Refuses captures that get their ports from MAC tables that nobody reads where they are judged.
 * @throws SensorConfigError for the first of them
 */
export function refusePlaceless(
  sensors: readonly (Pick<SensorConfig, 'name' | 'switch'> &
    Partial<Pick<SensorConfig, 'kind' | 'attribution' | 'remote'>>)[],
): void {
  for (const { name, switch: switchName, kind, attribution, remote } of sensors) {
    if (kind === 'tables' || attribution !== 'mac-table') continue;
    if (remote === true) {
      const finding = 'would know ports by MAC tables, but runs on another box, and these are read here';
      throw new SensorConfigError(name, finding, 'say attribution vlan or unknown');
    }
    if (sensors.some((one) => one.kind === 'tables' && one.switch === switchName)) continue;
    const finding = `would know ports by the MAC tables of ${switchName}, but nobody reads them`;
    const cure = `add a sensor of kind tables with switch ${switchName} to /sensors, or say attribution unknown`;
    throw new SensorConfigError(name, finding, cure);
  }
}

function belonging(sensor: ListeningSensor): Pick<CaptureSource, 'attribution' | 'port' | 'vlan'> {
  const port = parsePort(sensor.port);
  const vlan = parseVlan(sensor.vlan);
  const attribution: Attribution | undefined = sensor.attribution ?? (port === undefined ? undefined : 'interface');
  if (attribution === undefined) throw lacking(sensor, 'port');
  if (attribution === 'interface') {
    if (port === undefined) throw lacking(sensor, 'port');
    if (vlan === undefined) throw lacking(sensor, 'vlan');
    return { attribution, port, vlan };
  }
  if (port !== undefined) {
    const finding = `names port ${port}, but its frames belong to ports by ${attribution}`;
    throw new SensorConfigError(sensor.name, finding, 'leave the port out, or say attribution interface');
  }
  return { attribution, ...(vlan !== undefined && { vlan }) };
}

function placeOf(sensor: ListeningSensor): CapturePlace | CaptureDirectory {
  const { name, kind = 'capture', netns, directory } = sensor;
  if (kind === 'capture') {
    if (directory !== undefined)
      throw new SensorConfigError(name, 'names a directory, but hears an interface', 'say kind directory');
    if (sensor.interface === undefined)
      throw new SensorConfigError(name, 'has no interface', 'name it, or say kind directory');
    return { interface: sensor.interface, ...(netns !== undefined && { netns }) };
  }
  if (directory === undefined)
    throw new SensorConfigError(name, 'has no directory', 'name the one that captures are written to');
  if (sensor.interface !== undefined || netns !== undefined)
    throw new SensorConfigError(name, 'names an interface, but reads a directory', 'leave interface and netns out');
  return { directory };
}

function lacking({ name, interface: place, directory }: ListeningSensor, missing: 'port' | 'vlan' | 'switch'): Error {
  const where = place === undefined ? `directory ${directory ?? ''}` : `interface ${place}`;
  const other = missing === 'port' ? ', or say attribution vlan, mac-table or unknown where there are many' : '';
  const cure = `name the ${missing} behind ${where} in its entry under /sensors${other}`;
  return new SensorConfigError(name, `has no ${missing}, so its frames belong to nobody`, cure);
}
