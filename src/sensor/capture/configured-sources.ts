import { parsePort, parseSwitchName, parseVlan } from '../../../events/index.js';
import type { SensorConfig } from '../../config/app-config.js';
import type { CaptureSource } from './capture-source.js';

/** A sensor whose configuration does not say whom its frames belong to. */
export class SensorConfigError extends Error {
  override readonly name = 'SensorConfigError';
}

/**
 * The capture sources of the configuration. Every interface is that of one server's port.
 * @throws SensorConfigError for a sensor without a port or a VLAN
 */
export function configuredSources(sensors: readonly SensorConfig[]): CaptureSource[] {
  return sensors.map((sensor) => {
    const port = parsePort(sensor.port);
    const vlan = parseVlan(sensor.vlan);
    const switchName = parseSwitchName(sensor.switch);
    if (port === undefined || vlan === undefined || switchName === undefined) {
      const missing = port === undefined ? 'port' : vlan === undefined ? 'vlan' : 'switch';
      const cure = `name the ${missing} behind interface ${sensor.interface} in its entry under /sensors`;
      throw new SensorConfigError(`Sensor ${sensor.name} has no ${missing}, so its frames belong to nobody: ${cure}.`);
    }
    const { name, site, netns } = sensor;
    const source = { name, site, switch: switchName, interface: sensor.interface, port, vlan };
    return { ...source, attribution: 'interface', ...(netns !== undefined && { netns }) };
  });
}
