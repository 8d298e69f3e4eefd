import type { AppConfig } from '../config/app-config.js';
import { netbootOf } from '../config/netboot.js';
import { communitiesOf, medOf } from '../config/sites.js';
import { unconfigured, type ViewOf } from './desired-lines.js';

/** How the devices of a configuration name things, as it is now; any other name is that of a switch without one. */
export function configuredViews(config: Pick<AppConfig, 'gateways' | 'sites'>): ViewOf {
  return (name) => {
    for (const gateway of config.gateways)
      for (const device of gateway.devices) {
        if (device.name !== name) continue;
        const netboot = netbootOf(gateway);
        return {
          switch: gateway.switch,
          interfacePattern: device.interfacePattern,
          med: medOf(config, gateway, device),
          communities: communitiesOf(config, gateway, device),
          ...(netboot === undefined ? {} : { netboot }),
        };
      }
    return unconfigured(name);
  };
}
