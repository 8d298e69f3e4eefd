import { join } from 'node:path';
import type { DeviceConfig, DriverConfig } from './config/app-config.js';
import { createEosSwitch } from './drivers/switch/eos.switch.js';
import { DeviceError, type SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { lastConfirmedOf } from './last-confirmed.js';
import { EapiClient } from './transports/eapi-client.js';

/** An Arista switch of the configuration. Throws a DeviceError where one cannot be made of it. */
export function openEosSwitch(parts: EngineParts, device: DeviceConfig): SwitchDriver {
  const { name, interfacePattern, vrf, driver } = device;
  return createEosSwitch({
    device: name,
    eapi: openEapi(device),
    interfacePattern,
    ...(vrf === undefined ? {} : { vrf }),
    stateFile: device.stateFile ?? join(parts.config.dataDir, `${name}.state.json`),
    ownedFile: join(parts.config.dataDir, `${name}.owned.json`),
    lastConfirmed: lastConfirmedOf(parts, name),
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
