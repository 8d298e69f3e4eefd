import type { AppConfig } from './config/app-config.js';
import type { EngineParts } from './engine-parts.js';
import type { EventStore } from './event-store/event-store.port.js';
import type { Alerts } from './ops/alerts.js';
import type { Log } from './ops/log.js';
import type { LiveMap } from './projector/live-map.js';
import { Allocator } from './reactors/allocator.reactor.js';
import {
  type Availability,
  availabilityOf,
  customerPrefixAvailability,
  prefixAvailability,
  whyNotSold,
} from './reactors/availability.js';

const dayMs = 86_400_000;

export interface AllocatorParts {
  readonly config: AppConfig;
  readonly store: EventStore;
  readonly liveMap: LiveMap;
  readonly alerts: Alerts;
  readonly log: Log;
}

/** The allocator of an engine; it starts with the other rooms. */
export function openAllocator({ config, store, liveMap, alerts, log }: AllocatorParts): Allocator {
  return new Allocator({
    store,
    liveMap,
    log,
    siteOf: sitesOf(config),
    notSold: whyNotSold(config.products.ipv4),
    coolDownMs: config.allocation.coolDownDays * dayMs,
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
  });
}

export function startAllocator({ allocator }: EngineParts): Allocator {
  allocator.start();
  return allocator;
}

/** Why an add-on on a switch would get no address, or may not be sold at all; undefined where it would get one. */
export function whyNoIpv4({ config, allocator }: Pick<EngineParts, 'config' | 'allocator'>) {
  const siteOf = sitesOf(config);
  return (switchName: string | undefined, isNamed: boolean): string | undefined => {
    const answer = availabilityOf(config.products.ipv4, allocator, siteOf(switchName));
    if (answer.available || (isNamed && answer.reason !== 'not-sold')) return undefined;
    return answer.text;
  };
}

/** Why an order of a /64 for a server of a customer on a switch would wait; undefined where it would be served. */
export function whyNoIpv6({ config, allocator }: Pick<EngineParts, 'config' | 'allocator'>) {
  const siteOf = sitesOf(config);
  return (customerId: string, switchName: string): string | undefined => {
    const answer = prefixAvailability(allocator, customerId, siteOf(switchName));
    return answer.available ? undefined : answer.text;
  };
}

/** Why an order of a prefix of a length for a customer at a site would wait; undefined where it would be served. */
export function whyNoCustomerPrefix({ allocator }: Pick<EngineParts, 'allocator'>) {
  return (site: string, length: number): string | undefined => {
    const answer = customerPrefixAvailability(allocator, site, length);
    return answer.available ? undefined : answer.text;
  };
}

/** Whether an IPv4 address could be had at a site, by the configuration and the pools. */
export function ipv4Availability({ config, allocator }: Pick<EngineParts, 'config' | 'allocator'>) {
  return (site: string): Availability => availabilityOf(config.products.ipv4, allocator, site);
}

/** The site of a switch; `default` for one that the configuration does not name. */
function sitesOf({ gateways }: AppConfig): (switchName: string | undefined) => string {
  const sites = new Map<string, string>(gateways.map((gateway) => [gateway.switch, gateway.site]));
  return (switchName) => sites.get(switchName ?? '') ?? 'default';
}
