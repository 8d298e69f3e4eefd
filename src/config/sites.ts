import type { AppConfig, DeviceConfig, GatewayConfig } from './app-config.js';
import { SiteConfig } from './site-config.js';

/** What the configuration says of a site; the defaults where it says nothing. */
export function siteOf({ sites }: Pick<AppConfig, 'sites'>, name: string): SiteConfig {
  return sites.find((site) => site.name === name) ?? Object.assign(new SiteConfig(), { name });
}

/** MED of what this device announces: its own, else its site's, else 0. */
export function medOf(config: Pick<AppConfig, 'sites'>, { site }: GatewayConfig, { med }: DeviceConfig): number {
  return med ?? siteOf(config, site).med ?? 0;
}

/** `64512:100`, or `64512:1:2`, as numbers. */
export type Community = readonly [number, number] | readonly [number, number, number];

/** Communities of what this device announces: its site's and its own. */
export function communitiesOf(
  config: Pick<AppConfig, 'sites'>,
  { site }: GatewayConfig,
  device: DeviceConfig,
): Community[] {
  return [...siteOf(config, site).communities, ...device.communities].map((text) => {
    const [first = 0, second = 0, third] = text.split(':').map(Number);
    return third === undefined ? [first, second] : [first, second, third];
  });
}

/** Of each switch whose site is not enabled: why nothing is pushed there. */
export function whyNotEnabled({ sites, gateways }: Pick<AppConfig, 'sites' | 'gateways'>): ReadonlyMap<string, string> {
  const disabled = gateways.filter(({ site }) => !siteOf({ sites }, site).enabled);
  return new Map(disabled.map((gateway) => [gateway.switch, `site ${gateway.site} is not enabled`]));
}
