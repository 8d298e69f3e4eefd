import { iosLab } from './ios-switch-harness.js';
import { describeSwitchDriver } from './switch-driver.contract.js';

describeSwitchDriver('IOS, simulated', {
  make: (setting) => iosLab({ ...setting, deadline: setting.impatient ? 2_000 : 20_000 }),
  limits: [],
});
