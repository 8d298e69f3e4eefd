import { parseIpv6 } from '../../events/index.js';
import { type SimulatedFault, SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import type { Mend, Setting, SwitchHarness } from './switch-driver.harness.js';

/** A fresh simulated switch. */
export function simulatedHarness({ vrf, toldVrf }: Setting = {}): SwitchHarness {
  const gateway = parseIpv6('fe80::1');
  const addresses = gateway === undefined ? [] : [gateway];
  const deadline = 100;
  const told = toldVrf ?? vrf;
  const device = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: { vlan11: addresses, vlan16: addresses },
    deadline,
    ...(told === undefined ? {} : { vrf: told }),
    vrfs: { vlan11: vrf, vlan16: vrf },
  });
  const trouble = (fault: SimulatedFault) => (): Promise<Mend> => {
    device.fault = fault;
    return Promise.resolve(mend);
  };
  const mend = (): Promise<void> => Promise.resolve(void (device.fault = 'none'));
  return {
    driver: device,
    deadline,
    interfaces: ['vlan11', 'vlan16'],
    inspect: () => Promise.resolve(device.entries()),
    handSet: (entry) => Promise.resolve(device.handSet(entry)),
    handRemove: (entry) => Promise.resolve(device.handRemove(entry)),
    handSetInDefaultVrf: (entry) => Promise.resolve(device.handSet(entry, undefined)),
    setCarrier: (name, up) => Promise.resolve(device.setCarrier(name, up)),
    setAdmin: (name, up) => Promise.resolve(device.setAdmin(name, up)),
    reboot: () => Promise.resolve(device.reboot()),
    hang: trouble('hang'),
    lie: trouble('lie'),
    lock: trouble('locked'),
    dieAfter: (changes) => {
      device.dieAfter(changes);
      return Promise.resolve(mend);
    },
    restarted: () => device,
    close: () => device.close(),
  };
}
