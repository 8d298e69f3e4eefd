import { join } from 'node:path';
import type { DeviceConfig, DriverConfig } from './config/app-config.js';
import { createLinuxSwitch } from './drivers/switch/linux.switch.js';
import { DeviceError, type SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import type { SshOptions } from './transports/ssh-connection.js';

/** A Linux box of the configuration: this one, or one over SSH where a host is named. Throws a DeviceError. */
export function openLinuxSwitch({ config }: EngineParts, device: DeviceConfig): SwitchDriver {
  const { name, ports, vrf, driver } = device;
  const ssh = driver.host === undefined ? undefined : sshOf(name, driver);
  return createLinuxSwitch({
    device: name,
    interfaces: Object.values(ports),
    stateFile: device.stateFile ?? join(config.dataDir, `${name}.state.json`),
    protocol: driver.protocol,
    ...(vrf === undefined ? {} : { vrf }),
    ...(ssh === undefined ? {} : { ssh: { ...ssh, sudo: driver.sudo === true } }),
    ...(driver.netns === undefined ? {} : { netns: driver.netns }),
  });
}

/** Whom to speak to over SSH. Throws a `misconfigured` DeviceError where the configuration does not say. */
export function sshOf(device: string, driver: DriverConfig): SshOptions {
  const { host, port, username, hostKeys, privateKeyFile, passphraseFile, passwordFile, legacyAlgorithms } = driver;
  if (host === undefined || username === undefined || hostKeys === undefined)
    throw new DeviceError(
      device,
      'misconfigured',
      'a device over SSH needs host, username, hostKeys, and privateKeyFile or passwordFile; name them under its driver',
    );
  return {
    host,
    username,
    hostKeys,
    ...(port === undefined ? {} : { port }),
    ...(privateKeyFile === undefined ? {} : { privateKeyFile }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(legacyAlgorithms === undefined ? {} : { legacyAlgorithms }),
  };
}
