import { join } from 'node:path';
import { parseIp, parseMac } from '../events/index.js';
import type { DeviceConfig, DriverConfig } from './config/app-config.js';
import { createEosSwitch } from './drivers/switch/eos.switch.js';
import { DeviceError, type NeighbourEntry, type SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { Journal } from './reactors/journal.js';
import { EapiClient } from './transports/eapi-client.js';

/** An Arista switch of the configuration. Throws a DeviceError where one cannot be made of it. */
export function openEosSwitch({ config, store }: EngineParts, device: DeviceConfig): SwitchDriver {
  const { name, interfacePattern, vrf, driver } = device;
  const journal = new Journal(store, name, Date.now);
  return createEosSwitch({
    device: name,
    eapi: openEapi(device),
    interfacePattern,
    ...(vrf === undefined ? {} : { vrf }),
    stateFile: device.stateFile ?? join(config.dataDir, `${name}.state.json`),
    ownedFile: join(config.dataDir, `${name}.owned.json`),
    lastConfirmed: async () => [...(await journal.recall()).lines.keys()].flatMap((line) => entryOf(line) ?? []),
    ...(driver.commitSeconds === undefined ? {} : { commitSeconds: driver.commitSeconds }),
  });
}

/** A client for the eAPI of a device; whoever opens it closes it. */
export function openEapi({ name, driver }: DeviceConfig): EapiClient {
  const { host, port, username, passwordFile } = driver;
  const pin = pinOf(driver);
  if (host === undefined || username === undefined || passwordFile === undefined || pin === undefined)
    throw new DeviceError(
      name,
      'misconfigured',
      'an eos device needs host, username, passwordFile, and caFile or certificateFingerprint; name them under its driver',
    );
  return new EapiClient({
    host,
    username,
    passwordFile,
    pin,
    deadline: 30_000,
    ...(port === undefined ? {} : { port }),
  });
}

function pinOf({ caFile, certificateFingerprint: fingerprint }: DriverConfig) {
  return fingerprint !== undefined ? { fingerprint } : caFile !== undefined ? { caFile } : undefined;
}

/** The entry of a line of the journal such as `neighbour 198.51.100.16 Vlan11 52:54:00:00:00:16`. */
function entryOf(line: string): NeighbourEntry | undefined {
  const [kind, second, name, fourth] = line.split(' ');
  const [address, mac] = [parseIp(second), parseMac(fourth)];
  if (kind !== 'neighbour' || address === undefined || mac === undefined || name === undefined) return undefined;
  return { interface: name, address, mac };
}
