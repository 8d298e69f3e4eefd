import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import { type Grants, type Observation } from '../../../projections/index.js';
import { placeByVlan } from '../../../src/sensor/capture/place-by-vlan.js';

const heard: Observation = {
  kind: 'arp-reply',
  sensor: 'trunk',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  attribution: 'vlan',
  vlan: 16 as Vlan,
  etherSource: '52:54:00:00:00:16',
  claimedMac: '52:54:00:00:00:16',
  tentative: false,
  frameTime: 0,
};
const grants = {
  expectedOn: (switchName: string, vlan: number) =>
    switchName === 'leaf1' && vlan === 16 ? { port: 'leaf1:Ethernet16' } : undefined,
} as unknown as Grants;

describe('the port of a frame on a trunk', () => {
  it('is the one that billing says its VLAN is on', () => {
    expect(placeByVlan(heard, grants)).toEqual({ ...heard, port: 'leaf1:Ethernet16' });
  });

  it('is not known where nobody was sold the VLAN, and where the frame had none', () => {
    const unsold = { ...heard, vlan: 17 as Vlan };
    expect(placeByVlan(unsold, grants)).toBe(unsold);
    const untagged = { ...heard, vlan: undefined };
    expect(placeByVlan(untagged, grants)).toBe(untagged);
  });

  it('is left as it is where the capture names it, or where a VLAN proves nothing', () => {
    const named: Observation = { ...heard, attribution: 'interface', port: 'leaf1:Ethernet17' as PortId };
    expect(placeByVlan(named, grants)).toBe(named);
    for (const attribution of ['mac-table', 'unknown'] as const) {
      const other: Observation = { ...heard, attribution };
      expect(placeByVlan(other, grants)).toBe(other);
    }
  });
});
