import { eosLab } from './eos-switch-harness.js';
import { describeSwitchDriver } from './switch-driver.contract.js';

for (const version of ['4.31', '4.32'] as const)
  describeSwitchDriver(`EOS ${version}, simulated`, {
    make: (setting) => eosLab({ ...setting, version, deadline: setting.impatient ? 2_000 : 20_000 }),
    limits: [],
  });
