import type { PortId, SwitchName } from '../../../events/index.js';
import { switchOf } from '../../../events/index.js';
import type { Binding, NetworkMap, PortActivity } from '../../../projections/index.js';
import type { SensorState } from '../sensor.service.js';
import type { MacPorts } from '../tables/mac-ports.js';

/** What tells of the traffic of ports, as of one moment. */
export interface ActivitySources {
  readonly sensors: readonly Pick<SensorState, 'source' | 'lastFrameTime'>[];
  readonly macPorts: ReadonlyMap<SwitchName, MacPorts>;
  readonly map: NetworkMap;
}

/**
 * What is known of the traffic of a paid server's port at `now`. Read is a port whose switch has its MAC tables read; a
 * capture hears ARP and neighbour discovery only, so its frames count for the server, and their absence proves nothing.
 */
export function activityAt(
  { sensors, macPorts, map }: ActivitySources,
  now: number,
): (paid: Pick<Binding, 'vlan' | 'mac'> & { readonly port: PortId }) => PortActivity | undefined {
  const lastFrames = new Map<string, number>();
  for (const { source, lastFrameTime = 0 } of sensors) {
    const place = `${source.port} ${source.vlan}`;
    lastFrames.set(place, Math.max(lastFrameTime, lastFrames.get(place) ?? 0));
  }
  return ({ port, vlan, mac }) => {
    const tables = macPorts.get(switchOf(port));
    const readSince = tables?.readSince(now);
    if (tables === undefined || readSince === undefined || vlan === undefined || mac === undefined) return undefined;
    const sightings = map.seenMacs.get(port)?.sightings ?? [];
    const lastHeard = Math.max(
      lastFrames.get(`${port} ${vlan}`) ?? 0,
      tables.shownAt(port, vlan, mac) ?? 0,
      ...sightings.filter((seen) => seen.mac === mac && seen.vlan === vlan).map(({ time }) => time),
    );
    return { readSince, ...(lastHeard > 0 && { lastHeard }) };
  };
}
