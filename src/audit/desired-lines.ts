import type { SwitchName } from '../../events/index.js';
import {
  type DesiredRoute,
  desiredState,
  type GatewayView,
  type NetworkMap,
  type Withheld,
} from '../../projections/index.js';

/** The configuration that a device should have had: the lines of ours on it, in the notation of plans and the journal. */
export interface DesiredLines {
  readonly device: string;
  readonly switch: string;
  /** Neighbour entries, then the routes of ports whose link is up; each sorted. */
  readonly lines: readonly string[];
  /** What was sold and is not on the device, and why. */
  readonly withheld: readonly Withheld[];
}

/** Under which names a device shows its switch. */
export type ViewOf = (device: SwitchName) => GatewayView;

/** A switch of which no configuration says how its device names things. */
export const unconfigured: ViewOf = (name) => ({ switch: name, interfacePattern: 'vlan{vlan}', med: 0 });

/** What a map grants on a device. */
export function desiredLines(map: NetworkMap, device: string, view: GatewayView): DesiredLines {
  const { neighbours, routes, withheld } = desiredState(map, view);
  const entries = neighbours.map((one) => `neighbour ${one.address} ${one.interface} ${one.mac}`).sort();
  const announced = routes.filter(({ linkUp }) => linkUp).map(routeLine);
  const waiting = routes.filter(({ linkUp }) => !linkUp);
  return {
    device,
    switch: view.switch,
    lines: [...entries, ...announced.sort()],
    withheld: [
      ...withheld,
      ...waiting.map((route) => ({
        serverId: route.serverId,
        what: `route ${destinationOf(route)}`,
        reason: `the link of ${route.port} is ${map.linkOf(route.port)}`,
      })),
    ].sort((a, b) => (`${a.serverId} ${a.what}` < `${b.serverId} ${b.what}` ? -1 : 1)),
  };
}

function routeLine(route: DesiredRoute): string {
  const via = route.family === 'ipv6' ? `via ${route.nextHop} ` : '';
  const communities = [...new Set((route.communities ?? []).map((one) => one.join(':')))].sort();
  const marked = communities.length === 0 ? '' : ` communities ${communities.join(' ')}`;
  return `route ${destinationOf(route)} ${via}${route.interface} med ${route.med}${marked}`;
}

function destinationOf(route: DesiredRoute): string {
  return route.family === 'ipv6' ? route.prefix : `${route.address}/32`;
}
