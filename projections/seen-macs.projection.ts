import type { MacAddress, PortId, Vlan } from '../events/index.js';
import type { Projection } from './projection.js';

export interface Sighting {
  readonly vlan: Vlan;
  readonly mac: MacAddress;
  readonly time: number;
  readonly ordinal: number;
}

/** The MACs last seen on a port, newest first, at most `keptSightings`. Shown beside the map, never part of it. */
export interface SeenMacsRow {
  readonly port: PortId;
  readonly sightings: readonly Sighting[];
}

const keptSightings = 16;

export const seenMacs: Projection<SeenMacsRow, 'MacSeen'> = {
  name: 'seen-macs',
  handles: ['MacSeen'],
  key: (event) => event.data.port,
  evolve(row, { data, time, ordinal }) {
    const newest = row?.sightings[0];
    if (newest?.mac === data.mac && newest.vlan === data.vlan) return row;
    const others = (row?.sightings ?? []).filter((one) => one.mac !== data.mac || one.vlan !== data.vlan);
    const sighting = { vlan: data.vlan, mac: data.mac, time, ordinal };
    return { port: data.port, sightings: [sighting, ...others].slice(0, keptSightings) };
  },
};
