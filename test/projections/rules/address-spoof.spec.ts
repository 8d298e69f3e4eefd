import { addressSpoof } from '../../../projections/rules/address-spoof.rule.js';
import {
  gatewayMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  rack,
  sold,
  strangeMac,
  type Told,
  noMemory,
} from './rack.js';

describe('address-spoof', () => {
  const judge = (observation: Parameters<typeof addressSpoof.judge>[0], told: readonly Told[] = rack) =>
    addressSpoof.judge(observation, grantsOf(told), noMemory);
  const nd = 'neighbour-advertisement';

  it('fires when the address was sold to another server than that of the port, and names both', () => {
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }))).toMatchObject({
      offendingMac: mac66,
      offender: { serverId: 'srv-66', customerId: 'cust-66' },
      victim: { serverId: 'srv-16', customerId: 'cust-16' },
    });
    expect(judge(heardOn(66, { kind: nd, claimedAddress: '2001:db8:16:ffff::9' }))).toBeDefined();
  });

  it("fires on a proven port even when the forger uses the victim's MAC", () => {
    const forged = heardOn(66, { etherSource: mac16, claimedAddress: '198.51.100.16' });
    expect(judge(forged)).toMatchObject({ offender: { serverId: 'srv-66' }, victim: { serverId: 'srv-16' } });
  });

  it("fires when the forger tags its frames with the victim's VLAN, and blames the port", () => {
    const forged = { ...heardOn(66, { claimedAddress: '198.51.100.16' }), vlan: heardOn(16, {}).vlan };
    expect(judge(forged)).toMatchObject({ offender: { serverId: 'srv-66' }, victim: { serverId: 'srv-16' } });
  });

  it('fires on a port where nobody was sold anything, and blames nobody', () => {
    const finding = judge(heardOn(21, { etherSource: mac16, claimedAddress: '198.51.100.16' }));
    expect(finding).toMatchObject({ victim: { serverId: 'srv-16' } });
    expect(finding?.offender).toBeUndefined();
  });

  it('fires while the victim is suspended: its addresses are still its own', () => {
    const told: Told[] = [...rack, ['ServerSuspended', { serverId: 'srv-16' }]];
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }), told)).toBeDefined();
  });

  it('fires for the holder of a contested address, and not for the one that waits', () => {
    const told: Told[] = [
      ...rack,
      ['Ipv4AddOnBought', { serverId: 'srv-66', addOnId: 'second', address: '198.51.100.16' }],
    ];
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }), told)).toMatchObject({
      victim: { serverId: 'srv-16' },
    });
    expect(judge(heardOn(16, { claimedAddress: '198.51.100.16' }), told)).toBeUndefined();
  });

  it('names the server with the longest prefix as victim', () => {
    const told: Told[] = [
      ['ServerTransferred', { serverId: 'srv-66', customerId: 'cust-16' }],
      ['Ipv6PrefixAssigned', { serverId: 'srv-66', prefix: '2001:db8:16:6600::/56' }],
    ];
    const inner = heardOn(16, { kind: nd, claimedAddress: '2001:db8:16:6600::1' });
    expect(judge(inner, [...rack, ...told])).toMatchObject({ victim: { serverId: 'srv-66' } });
    expect(judge({ ...inner, claimedAddress: '2001:db8:16:6700::1' }, [...rack, ...told])).toBeUndefined();
  });

  it('judges by the MACs where the port is not proven', () => {
    expect(judge(heardSomewhere(16, { etherSource: mac66, claimedAddress: '198.51.100.16' }))).toMatchObject({
      offendingMac: mac66,
      offender: undefined,
    });
    const hidden = heardSomewhere(16, { etherSource: mac16, claimedMac: mac66, claimedAddress: '198.51.100.16' });
    expect(judge(hidden)).toMatchObject({ offendingMac: mac66 });
    const relayed = heardSomewhere(16, { etherSource: mac66, claimedMac: mac16, claimedAddress: '198.51.100.16' });
    expect(judge(relayed)).toMatchObject({ offendingMac: mac66 });
    expect(judge(heardSomewhere(16, { etherSource: mac16, claimedAddress: '198.51.100.16' }))).toBeUndefined();
  });

  it('stays silent on its own address from a foreign MAC on a proven port: that is for the rules about MACs', () => {
    expect(judge(heardOn(16, { etherSource: strangeMac, claimedAddress: '198.51.100.16' }))).toBeUndefined();
  });

  it('tells two servers on one port apart by their VLANs', () => {
    const told = [...sold(16), ...sold(66, { port: 'leaf1:Ethernet16' })];
    expect(judge(heardOn(16, { claimedAddress: '198.51.100.66' }), told)).toMatchObject({
      offender: { serverId: 'srv-16' },
      victim: { serverId: 'srv-66' },
    });
    const untold = heardOn(16, { vlan: undefined, etherSource: mac66, claimedAddress: '198.51.100.66' });
    expect(judge(untold, told)).toBeUndefined();
    expect(judge({ ...untold, etherSource: mac16 }, told)).toBeDefined();
  });

  it('stays silent on addresses of a server that was removed or was never added', () => {
    const removed: Told[] = [...rack, ['ServerRemoved', { serverId: 'srv-16' }]];
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }), removed)).toBeUndefined();
    const pending = rack.filter(([type, data]) => type !== 'ServerAdded' || data['serverId'] !== 'srv-16');
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }), pending)).toBeUndefined();
  });

  it('stays silent where neither port nor MAC of the owner is known', () => {
    const told = [...sold(16, { mac: null }), ...sold(66)];
    expect(judge(heardSomewhere(16, { etherSource: mac66, claimedAddress: '198.51.100.16' }), told)).toBeUndefined();
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }), told)).toBeDefined();
  });

  it("does not take a server for the gateway because it uses the gateway's MAC", () => {
    expect(judge(heardOn(66, { etherSource: gatewayMac, claimedAddress: '198.51.100.16' }))).toBeDefined();
  });
});
