import { join } from 'node:path';
import { createLinuxSwitch, linuxLimits } from '../../src/drivers/switch/linux.switch.js';
import { describeSwitchDriver } from '../contracts/switch-driver.contract.js';
import { describeLab } from './describe-lab.js';
import { linuxHarness } from './linux-switch-harness.js';

describeLab('the kernel of Linux', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  describeSwitchDriver('the Linux switch in a namespace', {
    limits: linuxLimits,
    make: (setting) =>
      linuxHarness(setting, ({ netns, directory, ip, interfaces, deadline, vrf }) => {
        process.env.PATH = ip.path; // the driver finds its `ip` there
        return createLinuxSwitch({
          device: 'leaf1',
          netns,
          interfaces,
          stateFile: join(directory, 'leaf1.json'),
          deadline,
          ...(vrf === undefined ? {} : { vrf }),
        });
      }),
  });
});
