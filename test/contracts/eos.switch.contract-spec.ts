import { eosLab } from './eos-switch-harness.js';
import { switchDriverChecks } from './switch-driver.contract.js';
import { saboteurs } from './switch-driver.saboteurs.js';

describe.each(['4.31', '4.32'] as const)('the driver of EOS %s', (version) => {
  it.each(switchDriverChecks)('$name', async ({ run }) => {
    const harness = await eosLab({ version });
    try {
      await run(harness);
    } finally {
      await harness.close();
    }
  });
});

describe('the switch contract catches a driver of EOS that', () => {
  it.each(Object.entries(saboteurs))('%s', async (_name, sabotage) => {
    const failed: string[] = [];
    for (const { name, run } of switchDriverChecks) {
      const harness = await eosLab({ disguise: sabotage });
      await run(harness).catch(() => failed.push(name));
      await harness.close();
    }
    expect(failed).not.toEqual([]);
    expect(failed.length).toBeLessThan(switchDriverChecks.length);
  });
});
