import { iosLab } from './ios-switch-harness.js';
import { describeSwitchDriver } from './switch-driver.contract.js';

describeSwitchDriver('IOS, simulated', {
  make: (setting) => iosLab({ ...setting, deadline: 2000 }),
  limits: [],
  timeout: 60_000,
});
