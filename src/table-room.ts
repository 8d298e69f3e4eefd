import { parsePort, parseSwitchName, type PortId, type SwitchName } from '../events/index.js';
import type { AppConfig, DeviceConfig, GatewayConfig, SensorConfig } from './config/app-config.js';
import type { EngineParts } from './engine-parts.js';
import { openEapi } from './open-eos.js';
import { sshOf } from './open-linux.js';
import type { ObservationSource } from './sensor/observation-source.js';
import { HeardMessages } from './sensor/messages/heard-messages.js';
import { MessageSource } from './sensor/messages/message-source.js';
import { eosTableReader } from './sensor/tables/eos.table-reader.js';
import { fileTableReader } from './sensor/tables/file.table-reader.js';
import { iosTableReader } from './sensor/tables/ios.table-reader.js';
import { localNeighbours, remoteNeighbours } from './sensor/tables/linux.table-reader.js';
import { MacPorts } from './sensor/tables/mac-ports.js';
import type { ObservedAt } from './sensor/tables/observed-at.js';
import type { TableReader } from './sensor/tables/table-reader.js';
import { TableSource } from './sensor/tables/table-source.js';
import { SshConnection } from './transports/ssh-connection.js';

/** A MAC table counts for so many reads. */
const readsKept = 3;

export interface Tables {
  readonly sources: readonly TableSource[];
  /** Where the MAC tables of a switch showed each MAC last. */
  readonly macPorts: ReadonlyMap<SwitchName, MacPorts>;
  /** How long the place of a MAC counts that no newer table showed, ms, of the switch read least often; 0 where none is read. */
  readonly placesKeptMs: number;
}

/** A source for each sensor of kind `tables`. Throws a DeviceError where the driver of its device does not say how to ask it. */
export function openTables({ config, log }: Pick<EngineParts, 'config' | 'log'>): Tables {
  const macPorts = new Map<SwitchName, MacPorts>();
  const sensors = config.sensors.filter(({ kind }) => kind === 'tables');
  const sources = sensors.flatMap((sensor) => {
    const switchName = parseSwitchName(sensor.switch);
    if (switchName === undefined) return []; // refused by the configuration
    const longest = Math.max(...sensors.filter((one) => one.switch === switchName).map((one) => one.everySeconds));
    const ports = macPorts.get(switchName) ?? new MacPorts(longest * readsKept * 1000);
    macPorts.set(switchName, ports);
    const device = deviceOf(config, sensor);
    return new TableSource({
      at: { sensor: sensor.name, site: sensor.site, switch: switchName, ports: portsOf(config, sensor, device) },
      reader: openReader(sensor, device),
      everySeconds: sensor.everySeconds,
      macPorts: ports,
      log,
    });
  });
  const longest = Math.max(0, ...sensors.map(({ everySeconds }) => everySeconds));
  return { sources, macPorts, placesKeptMs: longest * readsKept * 1000 };
}

/** Says of tables and messages what was read; one that cannot be read degrades readiness and is named there. */
export function registerTold(
  { readiness }: Pick<EngineParts, 'readiness'>,
  sources: () => readonly Pick<ObservationSource, 'name' | 'state'>[],
): void {
  if (sources().length === 0) return;
  readiness.register('tables-and-messages', () => {
    const states = sources();
    const why = states.flatMap(({ name, state }) =>
      state.state === 'failed' ? [`${name}: ${state.reason}; ${state.cure}`] : [],
    );
    if (why.length > 0) return { ok: true, degraded: true, detail: `Not read: ${why.join('; ')}` };
    const told = states.map(({ name, state }) => `${name}: ${state.state === 'running' ? state.detail : state.state}`);
    return { ok: true, detail: told.join('; ') };
  });
}

/** A source for each device that sends syslog to a listener of the configuration. */
export function openMessages(config: AppConfig): HeardMessages {
  const isHeard = config.hints.some(({ kind }) => kind !== 'snmp-trap');
  const places = config.gateways.flatMap((gateway) => gateway.devices.map((device) => ({ gateway, device })));
  const sources = places.flatMap(({ gateway, device }) => {
    const at = isHeard && device.senders.length > 0 ? messagesAt(gateway, device) : undefined;
    return at === undefined ? [] : [new MessageSource(at, device.senders)];
  });
  return new HeardMessages(sources);
}

function messagesAt(gateway: GatewayConfig, device: DeviceConfig): ObservedAt | undefined {
  const switchName = parseSwitchName(gateway.switch);
  if (switchName === undefined) return undefined;
  return { sensor: `${device.name}-syslog`, site: gateway.site, switch: switchName, ports: turned([device]) };
}

function deviceOf({ gateways }: AppConfig, { device: name }: SensorConfig): DeviceConfig | undefined {
  return gateways.flatMap(({ devices }) => devices).find((device) => device.name === name);
}

/** Interface -> port, of the device that is asked, or of all devices of the switch. */
function portsOf({ gateways }: AppConfig, sensor: SensorConfig, device: DeviceConfig | undefined): Map<string, PortId> {
  if (device !== undefined) return turned([device]);
  return turned(gateways.filter((gateway) => gateway.switch === sensor.switch).flatMap(({ devices }) => devices));
}

function turned(devices: readonly DeviceConfig[]): Map<string, PortId> {
  const pairs = devices.flatMap(({ ports }) => Object.entries(ports));
  return new Map(
    pairs.flatMap(([text, name]) => {
      const port = parsePort(text);
      return port === undefined ? [] : [[name, port] as const];
    }),
  );
}

function openReader({ name, file, format, netns }: SensorConfig, device: DeviceConfig | undefined): TableReader {
  if (file !== undefined) return fileTableReader(file, format);
  if (device === undefined) return localNeighbours(name, netns);
  const { driver, vrf } = device;
  if (driver.kind === 'eos') return eosTableReader(device.name, openEapi(device));
  if (driver.kind === 'ios') return iosTableReader(device.name, new SshConnection(sshOf(device.name, driver)), vrf);
  if (driver.host === undefined) return localNeighbours(device.name, driver.netns);
  return remoteNeighbours(device.name, new SshConnection(sshOf(device.name, driver)), driver.netns);
}
