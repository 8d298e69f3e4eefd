import type { Vlan } from '../../../events/index.js';
import { vlanMismatch } from '../../../projections/rules/vlan-mismatch.rule.js';
import {
  grantsOf,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  noMemory,
  rack,
  shownBySwitch,
  sold,
  type Told,
} from './rack.js';

describe('vlan-mismatch', () => {
  const judge = (observation: Parameters<typeof vlanMismatch.judge>[0], told: readonly Told[] = rack) =>
    vlanMismatch.judge(observation, grantsOf(told), noMemory);
  const tagged = (...tags: number[]) => ({ ...heardOn(66, { tags }), vlan: (tags[0] || 66) as Vlan });

  it('fires on a tag that was not sold to the port, and blames the port and not the VLAN', () => {
    const finding = judge(tagged(16));
    expect(finding).toMatchObject({ offendingMac: mac66, offender: { serverId: 'srv-66' } });
    expect(finding?.detail).toBe(`${mac66} is on leaf1:Ethernet66 VLAN 16; leaf1:Ethernet66 was sold with VLAN 66`);
  });

  it('fires on stacked tags, whatever they are: the inner one gets past the first switch', () => {
    for (const tags of [
      [66, 16],
      [0, 66],
      [0, 0],
      [66, 66],
    ])
      expect(judge(tagged(...tags))).toBeDefined();
  });

  it('fires where the switch itself has the port in another VLAN', () => {
    expect(judge({ ...heardOn(66, {}), vlan: 16 as Vlan })).toBeDefined();
    const row = { etherSource: mac66, port: heardOn(66, {}).port, vlan: 16 as Vlan };
    expect(judge(shownBySwitch('mac-table', row))).toMatchObject({ offender: undefined });
  });

  it('waits for billing, and is silent once the new VLAN is known', () => {
    expect(vlanMismatch.mayBeInFlight).toBe(true);
    const moved: Told[] = [...rack, ['ServerMoved', { serverId: 'srv-66', port: 'leaf1:Ethernet66', vlan: 67 }]];
    expect(judge(tagged(67))).toBeDefined();
    expect(judge(tagged(67), moved)).toBeUndefined();
  });

  it.each([
    ['untagged frames', heardOn(66, {})],
    ['its own tag', tagged(66)],
    ['a priority tag', tagged(0)],
    ['a capture that does not tell the VLAN', heardOn(66, { vlan: undefined })],
    ['a port that was sold to nobody', heardOn(21, { tags: [5] })],
    ['a mirror', heardSomewhere(16, { etherSource: mac66, tags: [16] })],
    ['an ARP table', shownBySwitch('arp-table', { etherSource: mac66, port: heardOn(66, {}).port, vlan: 16 as Vlan })],
  ])('stays silent on %s', (_name, observation) => expect(judge(observation)).toBeUndefined());

  it('stays silent on all VLANs of the servers on a hypervisor’s port, and fires on others', () => {
    const told = [...sold(16), ...sold(66, { port: 'leaf1:Ethernet16' })];
    expect(judge(heardOn(16, { etherSource: mac66, vlan: 66 as Vlan, tags: [66] }), told)).toBeUndefined();
    expect(judge(heardOn(16, { etherSource: mac16, tags: [16] }), told)).toBeUndefined();
    expect(judge(heardOn(16, { vlan: 11 as Vlan, tags: [11] }), told)).toBeDefined();
  });
});
