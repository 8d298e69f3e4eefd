import { simulatedHarness } from './simulated-switch-harness.js';
import { switchDriverChecks } from './switch-driver.contract.js';
import { saboteurs } from './switch-driver.saboteurs.js';

describe('the simulated switch', () => {
  it.each(switchDriverChecks)('$name', async ({ run }) => {
    const harness = simulatedHarness();
    try {
      await run(harness);
    } finally {
      await harness.close();
    }
  });
});

describe('the switch contract catches a driver that', () => {
  it.each(Object.entries(saboteurs))('%s', async (_name, sabotage) => {
    const failed: string[] = [];
    for (const { name, run } of switchDriverChecks) {
      const harness = simulatedHarness((device) =>
        sabotage(device, (interfaceName) => {
          for (const entry of device.entries()) if (entry.interface === interfaceName) device.handRemove(entry);
        }),
      );
      await run(harness).catch(() => failed.push(name));
      await harness.close();
    }
    expect(failed).not.toEqual([]);
    expect(failed.length).toBeLessThan(switchDriverChecks.length);
  });
});
