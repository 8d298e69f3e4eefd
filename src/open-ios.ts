import { join } from 'node:path';
import type { DeviceConfig } from './config/app-config.js';
import { IosCli } from './drivers/switch/ios-cli.js';
import { createIosSwitch } from './drivers/switch/ios.switch.js';
import type { SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { lastConfirmedOf } from './last-confirmed.js';
import type { LinkReader } from './links/link-source.js';
import { polledLinks } from './links/polled-links.js';
import { linksOfIos } from './links/show-links.js';
import { sshOf } from './open-linux.js';
import { SshConnection } from './transports/ssh-connection.js';

const deadline = 30_000;

/** A switch that runs IOS or IOS-XE. Throws a DeviceError where one cannot be made of the configuration. */
export function openIosSwitch(parts: EngineParts, device: DeviceConfig): SwitchDriver {
  const { name, interfacePattern, vrf, driver } = device;
  const target = sshOf(name, driver);
  return createIosSwitch({
    device: name,
    ssh: new SshConnection(target),
    username: target.username,
    interfacePattern,
    ...(vrf === undefined ? {} : { vrf }),
    stateFile: device.stateFile ?? join(parts.config.dataDir, `${name}.state.json`),
    ownedFile: join(parts.config.dataDir, `${name}.owned.json`),
    lastConfirmed: lastConfirmedOf(parts, name),
    deadline,
    ...(driver.commitSeconds === undefined ? {} : { revertMinutes: Math.ceil(driver.commitSeconds / 60) }),
  });
}

/** The links of such a switch, by "show interfaces" over a connection of its own. */
export function openIosLinks({ name, driver }: DeviceConfig): LinkReader {
  const ssh = new SshConnection(sshOf(name, driver));
  const ask = (): Promise<string> => IosCli.with(ssh, deadline, (cli) => cli.show('show interfaces'));
  return polledLinks(ask, linksOfIos, () => ssh.close());
}
