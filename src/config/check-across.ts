import { parsePort, switchOf } from '../../events/index.js';
import type { AppConfig, DeviceConfig, DriverConfig, GatewayConfig } from './app-config.js';
import { alertProblems } from './check-alerts.js';
import { dhcpProblems } from './check-dhcp.js';
import { guardProblems } from './check-guards.js';
import { mailServerProblems } from './check-mail-server.js';
import { hintProblems } from './check-hints.js';
import { netbootProblems } from './check-netboot.js';
import { raProblems } from './check-ra.js';
import { sensorProblems } from './check-sensors.js';
import { eventStoreProblems } from './connection-string.js';
import { sitesProblems } from './check-sites.js';
import { repeated } from './repeated.js';
import { type ShapeProblem, showValue } from './shape.js';

const birdKeys = ['socket', 'include4', 'include6', 'protocol4', 'protocol6', 'confFile'] as const;

/** What no single value shows: names that must be unique, and names that must be known. */
export function checkAcross(config: AppConfig): ShapeProblem[] {
  const devices = config.gateways.flatMap((gateway, g) =>
    gateway.devices.map((device, d) => ({ gateway, device, pointer: `/gateways/${g}/devices/${d}` })),
  );
  return [
    ...eventStoreProblems(config),
    ...repeated(config.gateways.map((gateway, g) => [`/gateways/${g}/switch`, gateway.switch])),
    ...repeated(devices.map(({ device, pointer }) => [`${pointer}/name`, device.name])),
    ...repeated(config.sensors.map((sensor, s) => [`/sensors/${s}/name`, sensor.name])),
    ...devices.flatMap(({ gateway, device, pointer }) => [
      ...portsOfDevice(gateway, device, pointer),
      ...bgpOfDevice(device, pointer),
      ...eosOfDevice(device, pointer),
      ...boxOfDevice(device, pointer),
    ]),
    ...sensorProblems(config),
    ...sitesProblems(config),
    ...placeOfCheckpoints(config),
    ...guardProblems(config),
    ...dhcpProblems(config),
    ...netbootProblems(config),
    ...raProblems(config),
    ...hintProblems(config),
    ...alertProblems(config),
    ...(config.report.day === undefined ? [] : mailServerProblems(config.report.day.smtp, '/report/day/smtp')),
  ];
}

function portsOfDevice(gateway: GatewayConfig, device: DeviceConfig, pointer: string): ShapeProblem[] {
  return Object.keys(device.ports)
    .filter((port) => !isOnSwitch(port, gateway.switch))
    .map((port) => ({
      pointer: `${pointer}/ports`,
      found: showValue(port),
      expected: `a port of switch ${gateway.switch}, such as ${gateway.switch}:Ethernet1`,
    }));
}

function bgpOfDevice({ bgp }: DeviceConfig, pointer: string): ShapeProblem[] {
  if (bgp?.kind !== 'bird') return [];
  return birdKeys
    .filter((key) => bgp[key] === undefined)
    .map((key) => ({ pointer: `${pointer}/bgp/${key}`, found: 'nothing', expected: `${key}, which kind bird needs` }));
}

/** How an Arista switch proves who it is has to be said: none is trusted at first use. */
function eosOfDevice({ driver }: DeviceConfig, pointer: string): ShapeProblem[] {
  if (driver?.kind !== 'eos') return [];
  const needed = ['host', 'username', 'passwordFile'] as const;
  const missing = needed
    .filter((key) => driver[key] === undefined)
    .map((key) => ({
      pointer: `${pointer}/driver/${key}`,
      found: 'nothing',
      expected: `${key}, which kind eos needs`,
    }));
  const pins = [driver.caFile, driver.certificateFingerprint].filter((pin) => pin !== undefined);
  if (pins.length === 1) return missing;
  const found =
    pins.length === 0 ? 'neither caFile nor certificateFingerprint' : 'both caFile and certificateFingerprint';
  return [...missing, { pointer: `${pointer}/driver`, found, expected: 'one of them, to know the switch by' }];
}

/** A box over SSH proves who it is as well; nothing is announced over entries in a file, for no device was asked. */
function boxOfDevice({ driver, bgp }: DeviceConfig, pointer: string): ShapeProblem[] {
  const missing = (keys: readonly (keyof DriverConfig)[], of: string): ShapeProblem[] =>
    keys
      .filter((key) => driver[key] === undefined)
      .map((key) => ({ pointer: `${pointer}/driver/${key}`, found: 'nothing', expected: `${key}, which ${of} needs` }));
  if (driver?.kind === 'file') {
    const announced = { pointer: `${pointer}/bgp`, found: 'a daemon', expected: 'none: a file proves no entry' };
    return [...missing(['directory'], 'kind file'), ...(bgp === undefined ? [] : [announced])];
  }
  if (driver?.kind === 'ios') {
    const word = driver.privateKeyFile ?? driver.passwordFile;
    return [
      ...missing(['host', 'username', 'hostKeys'], 'kind ios'),
      ...(word === undefined ? missing(['passwordFile'], 'kind ios, or privateKeyFile') : []),
    ];
  }
  if (driver?.kind !== 'linux' || driver.host === undefined) return [];
  const word = driver.privateKeyFile ?? driver.passwordFile;
  return [
    ...missing(['username', 'hostKeys'], 'a linux device with a host'),
    ...(word === undefined ? missing(['privateKeyFile'], 'a linux device with a host, or passwordFile') : []),
    ...(bgp?.kind === 'bird'
      ? [{ pointer: `${pointer}/bgp`, found: 'a daemon', expected: 'none over SSH: run an engine on the box of BIRD' }]
      : []),
  ];
}

function placeOfCheckpoints({ checkpoints }: AppConfig): ShapeProblem[] {
  if (checkpoints === undefined || (checkpoints.file ?? checkpoints.syslog ?? checkpoints.webhook) !== undefined)
    return [];
  const expected = 'at least one of file, syslog, webhook: a checkpoint that stays beside the log proves nothing';
  return [{ pointer: '/checkpoints', found: 'no destination', expected }];
}

function isOnSwitch(port: string, switchName: string): boolean {
  const parsed = parsePort(port);
  return parsed !== undefined && switchOf(parsed) === switchName;
}
