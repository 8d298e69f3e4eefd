import { simulatedHarness } from './simulated-switch-harness.js';
import { describeSwitchDriver } from './switch-driver.contract.js';

describeSwitchDriver('the simulated switch', {
  make: (setting) => Promise.resolve(simulatedHarness(setting)),
  limits: [],
});
