import { type Ipv4Prefix, parseIpv4Prefix } from '../../events/index.js';
import type { AppConfig, GatewayConfig } from './app-config.js';

/** What the machines of a switch are started from: the boxes of one switch are one gateway, so one word counts for all. */
export function netbootOf({ devices }: GatewayConfig): Ipv4Prefix | undefined {
  const named = devices.find(({ dhcp }) => dhcp?.netboot !== undefined);
  return parseIpv4Prefix(named?.dhcp?.netboot);
}

/** The same of every switch that has it. */
export function netbootPrefixes({ gateways }: Pick<AppConfig, 'gateways'>): ReadonlyMap<string, Ipv4Prefix> {
  return new Map(
    gateways.flatMap((gateway) => {
      const prefix = netbootOf(gateway);
      return prefix === undefined ? [] : [[gateway.switch, prefix] as const];
    }),
  );
}
