import type { BgpConfig, DeviceConfig } from './config/app-config.js';
import { createBirdBgp } from './drivers/bgp/bird.bgp.js';
import type { BgpDriver } from './drivers/bgp/bgp.port.js';
import { SimulatedBgp } from './drivers/bgp/simulated.bgp.js';
import { createFileSwitch } from './drivers/switch/file.switch.js';
import { SimulatedSwitch } from './drivers/switch/simulated.switch.js';
import { DeviceError, type SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { openLinuxSwitch } from './open-linux.js';
import { openEosSwitch } from './open-eos.js';
import { openIosSwitch } from './open-ios.js';

/** What speaks to one device. */
export interface Drivers {
  readonly switchDriver: SwitchDriver;
  readonly bgp: BgpDriver | undefined;
}

/** Opens the drivers that the configuration names. Throws a DeviceError where one cannot be made of it. */
export function openDrivers(parts: EngineParts, device: DeviceConfig): Drivers {
  const { name, driver } = device;
  if (driver.kind === 'simulated') {
    const simulated = parts.hands.devices?.get(name) ?? simulatedDevice(device);
    return { switchDriver: simulated.switch, bgp: device.bgp === undefined ? undefined : simulated.bgp };
  }
  if (driver.kind === 'file') return { switchDriver: fileSwitchOf(device), bgp: undefined };
  const open = { eos: openEosSwitch, ios: openIosSwitch, linux: openLinuxSwitch }[driver.kind];
  return { switchDriver: open(parts, device), bgp: device.bgp === undefined ? undefined : birdOf(device, device.bgp) };
}

/** Nothing is announced over entries of which nobody here can see whether a device has them. */
function fileSwitchOf({ name, ports, vrf, bgp, driver: { directory } }: DeviceConfig): SwitchDriver {
  if (directory === undefined || bgp !== undefined)
    throw new DeviceError(
      name,
      'misconfigured',
      'a file device needs a directory under its driver, and no bgp: a file does not prove that a device has the entries routes would lean on',
    );
  return createFileSwitch({
    device: name,
    directory,
    interfaces: Object.values(ports),
    ...(vrf === undefined ? {} : { vrf }),
  });
}

function birdOf(device: DeviceConfig, bgp: BgpConfig): BgpDriver {
  if (device.driver.kind === 'linux' && device.driver.host !== undefined)
    throw new DeviceError(
      device.name,
      'misconfigured',
      "BIRD is spoken to through files of its own box, and this device is reached over SSH; run an engine on that box, or leave the device's bgp out",
    );
  const { socket, include4, include6, protocol4, protocol6, confFile } = bgp;
  if (bgp.kind !== 'bird' || !socket || !include4 || !include6 || !protocol4 || !protocol6) {
    const needs = 'kind bird with socket, include4, include6, protocol4 and protocol6';
    throw new DeviceError(
      device.name,
      'misconfigured',
      `the BGP daemon of a linux device needs ${needs}; name them under its bgp`,
    );
  }
  const options = { device: device.name, socket, include4, include6, protocol4, protocol6, ...namespaceOf(device) };
  return createBirdBgp({ ...options, ...(confFile === undefined ? {} : { confFile }) });
}

/** A switch and a daemon that exist in this process only. */
function simulatedDevice({ name, ports }: DeviceConfig): { switch: SimulatedSwitch; bgp: SimulatedBgp } {
  const interfaces = Object.fromEntries(Object.values(ports).map((interfaceName) => [interfaceName, []]));
  const simulated = new SimulatedSwitch({ device: name, interfaces });
  return { switch: simulated, bgp: new SimulatedBgp(name, simulated) };
}

/** The namespace a device lives in, as drivers take it. */
export function namespaceOf({ driver }: DeviceConfig): { netns?: string } {
  return driver.netns === undefined ? {} : { netns: driver.netns };
}
