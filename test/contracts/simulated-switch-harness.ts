import { parseIpv6 } from '../../events/index.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import type { SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import type { SwitchHarness } from './switch-driver.contract.js';

/** A fresh simulated switch; `disguise` may put another driver in front of it. */
export function simulatedHarness(
  disguise: (device: SimulatedSwitch) => SwitchDriver = (device) => device,
): SwitchHarness {
  const gateway = parseIpv6('fe80::1');
  const addresses = gateway === undefined ? [] : [gateway];
  const device = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan11: addresses, vlan16: addresses } });
  const driver = disguise(device);
  return {
    driver,
    interfaces: ['vlan11', 'vlan16'],
    inspect: () => Promise.resolve(device.entries()),
    handSet: (entry) => Promise.resolve(device.handSet(entry)),
    handRemove: (entry) => Promise.resolve(device.handRemove(entry)),
    setCarrier: (name, up) => Promise.resolve(device.setCarrier(name, up)),
    setAdmin: (name, up) => Promise.resolve(device.setAdmin(name, up)),
    restarted: () => disguise(device),
    close: () => device.close(),
  };
}
