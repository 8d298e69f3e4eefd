import { parsePort, parseSwitchName, parseVlan } from '../../../events/index.js';
import type { SensorConfig } from '../../config/app-config.js';
import type { CaptureSource } from './capture-source.js';

/** A sensor whose configuration does not say whom its frames belong to. */
export class SensorConfigError extends Error {
  override readonly name = 'SensorConfigError';
}

/** What a capture needs of the entry of a sensor. */
type ListeningSensor = Pick<SensorConfig, 'name' | 'switch' | 'site' | 'netns' | 'interface' | 'port' | 'vlan'> &
  Partial<Pick<SensorConfig, 'kind'>>;

/**
 * The capture sources of the configuration. Every interface is that of one server's port.
 * @throws SensorConfigError for a sensor without a port or a VLAN
 */
export function configuredSources(sensors: readonly ListeningSensor[]): CaptureSource[] {
  return sensors.flatMap((sensor) => {
    if (sensor.kind === 'tables') return []; // reads, and hears nothing
    const port = parsePort(sensor.port);
    const vlan = parseVlan(sensor.vlan);
    const switchName = parseSwitchName(sensor.switch);
    const heardOn = sensor.interface;
    if (heardOn === undefined || port === undefined || vlan === undefined || switchName === undefined) {
      const missing =
        heardOn === undefined ? 'interface' : port === undefined ? 'port' : vlan === undefined ? 'vlan' : 'switch';
      const behind = heardOn === undefined ? '' : ` behind interface ${heardOn}`;
      const cure = `name the ${missing}${behind} in its entry under /sensors`;
      throw new SensorConfigError(`Sensor ${sensor.name} has no ${missing}, so its frames belong to nobody: ${cure}.`);
    }
    const { name, site, netns } = sensor;
    const source = { name, site, switch: switchName, interface: heardOn, port, vlan };
    return [{ ...source, attribution: 'interface' as const, ...(netns !== undefined && { netns }) }];
  });
}
