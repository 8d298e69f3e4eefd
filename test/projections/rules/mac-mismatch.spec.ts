import type { Vlan } from '../../../events/index.js';
import { macMismatch } from '../../../projections/rules/mac-mismatch.rule.js';
import {
  besides,
  gatewayMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  noMemory,
  rack,
  shownBySwitch,
  sold,
  strangeMac,
} from './rack.js';

describe('mac-mismatch', () => {
  const bmcMac = '52:54:00:00:b6:66';
  const named = grantsOf([...rack, ...besides(66, bmcMac)]);
  const judge = (observation: Parameters<typeof macMismatch.judge>[0], grants = named) =>
    macMismatch.judge(observation, grants, noMemory);

  it('fires on a MAC that the server of the port may not use, in the header or in the claim', () => {
    expect(judge(heardOn(66, { etherSource: strangeMac }))).toMatchObject({
      offendingMac: strangeMac,
      offender: { serverId: 'srv-66' },
    });
    expect(judge(heardOn(66, { claimedMac: mac16 }))).toMatchObject({ offendingMac: mac16 });
  });

  it('fires when a MAC beside the bound one claims a sold address: it is never a next hop', () => {
    const claim = { etherSource: bmcMac, claimedAddress: '198.51.100.66' };
    expect(judge(heardOn(66, claim))).toMatchObject({ offendingMac: bmcMac, offender: { serverId: 'srv-66' } });
    expect(
      judge(heardOn(66, { ...claim, claimedAddress: '2001:db8:66::9', kind: 'neighbour-advertisement' })),
    ).toBeDefined();
    expect(judge(heardSomewhere(66, claim))).toMatchObject({ offender: undefined });
    expect(judge(shownBySwitch('arp-table', { ...claim, vlan: 66 as Vlan }))).toBeDefined();
  });

  it.each([
    ['the bound MAC', heardOn(66, { claimedAddress: '198.51.100.66' })],
    [
      'a management controller with an address of its own',
      heardOn(66, { etherSource: bmcMac, claimedAddress: '10.0.0.66' }),
    ],
    [
      'its link-local',
      heardOn(66, { etherSource: bmcMac, claimedAddress: 'fe80::b6', kind: 'neighbour-solicitation' }),
    ],
    ['a bond member that asks without an address (iPXE)', heardOn(66, { etherSource: bmcMac, kind: 'arp-request' })],
    ["the gateway's MAC, which has its own rule", heardOn(66, { etherSource: gatewayMac })],
    ['the gateway on an uplink', heardSomewhere(66, { etherSource: gatewayMac, claimedAddress: '198.51.100.66' })],
    ['a strange MAC on a port sold to nobody', heardOn(21, {})],
  ])('stays silent on %s', (_name, observation) => expect(judge(observation)).toBeUndefined());

  it('stays silent while billing knows no MAC of the server', () => {
    expect(judge(heardOn(16, { etherSource: strangeMac }), grantsOf(sold(16, { mac: null })))).toBeUndefined();
  });

  it('stays silent on every VM of a hypervisor on its own VLAN, and fires when one uses the VLAN of another', () => {
    const hypervisor = grantsOf([...sold(16), ...sold(66, { port: 'leaf1:Ethernet16' })]);
    const vm = heardOn(16, { etherSource: mac66, vlan: 66 as Vlan, tags: [66], claimedAddress: '2001:db8:66::7' });
    expect(judge(vm, hypervisor)).toBeUndefined();
    expect(judge({ ...vm, vlan: undefined }, hypervisor)).toBeUndefined();
    expect(judge({ ...vm, vlan: 16 as Vlan }, hypervisor)).toMatchObject({ offender: { serverId: 'srv-16' } });
  });
});
