import { join } from 'node:path';
import { createLinuxSwitch, linuxLimits } from '../../src/drivers/switch/linux.switch.js';
import type { SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { describeSwitchDriver } from '../contracts/switch-driver.contract.js';
import { set, v4, v6 } from '../contracts/switch-driver.check.js';
import type { Setting, SwitchHarness } from '../contracts/switch-driver.harness.js';
import { describeLab } from './describe-lab.js';
import { linuxHarness, type LinuxPlace } from './linux-switch-harness.js';
import { type Sshd, startSshd } from './sshd.js';

describeLab('the kernel of Linux, over SSH', () => {
  const make = async (setting: Setting, more: object = {}): Promise<SwitchHarness & { readonly sshd: Sshd }> => {
    let sshd: Sshd | undefined;
    const open = ({ directory, interfaces, deadline, vrf }: LinuxPlace): SwitchDriver =>
      createLinuxSwitch({
        device: 'leaf1',
        interfaces,
        stateFile: join(directory, 'leaf1.json'),
        deadline,
        ...(vrf === undefined ? {} : { vrf }),
        ssh: {
          host: '127.0.0.1',
          port: sshd?.port ?? 0,
          username: 'root',
          hostKeys: [sshd?.hostKey ?? ''],
          privateKeyFile: sshd?.privateKeyFile ?? '',
          ...more,
        },
      });
    const harness = await linuxHarness(setting, open, {
      begin: async ({ netns, directory, ip }) => {
        sshd = await startSshd(netns, directory, ip.path);
      },
      onReboot: () => sshd?.hangUp(),
      finish: async () => sshd?.close(),
    });
    if (sshd === undefined) throw new Error('sshd was not started');
    return { ...harness, sshd };
  };

  describeSwitchDriver('the Linux switch over SSH', { limits: linuxLimits, make });

  it('uses one connection for reading, writing and watching', async () => {
    const harness = await make({});
    try {
      harness.driver.watch(() => undefined);
      await set(harness.driver, v4('vlan11'), v6('vlan16'));
      await harness.driver.read();
      await harness.driver.read();
      expect(harness.sshd.connections()).toBe(1);
    } finally {
      await harness.close();
    }
  });

  it('notices a link that was cut without a word, tells the watcher, and comes back by itself', async () => {
    const harness = await make({}, { keepaliveInterval: 100, connectDeadline: 1_000 });
    try {
      const hints: (string | undefined)[] = [];
      harness.driver.watch((hint) => hints.push(hint));
      await set(harness.driver, v4('vlan11'));
      await waitUntil(() => hints.length > 0);
      hints.length = 0;
      harness.sshd.cut();
      await waitUntil(() => hints.includes(undefined));
      await expect(harness.driver.read()).rejects.toThrow(/^leaf1: /);
      harness.sshd.mend();
      expect((await harness.driver.read()).neighbours).toHaveLength(1);
    } finally {
      await harness.close();
    }
  });

  it('says nothing to a box with another host key, and names it', async () => {
    const harness = await make({}, { hostKeys: [`SHA256:${'A'.repeat(43)}`] });
    try {
      await expect(harness.driver.read()).rejects.toMatchObject({ code: 'untrusted' });
      await expect(set(harness.driver, v4('vlan11'))).rejects.toThrow(
        /^leaf1: .*shows the host key ssh-ed25519 SHA256/,
      );
      expect(await harness.inspect()).toEqual([]);
    } finally {
      await harness.close();
    }
  });
});

async function waitUntil(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 3000 && !holds(); look++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}
