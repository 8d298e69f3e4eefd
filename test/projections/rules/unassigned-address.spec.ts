import { unassignedAddress } from '../../../projections/rules/unassigned-address.rule.js';
import { grantsOf, heardOn, heardSomewhere, mac16, mac66, rack, strangeMac, type Told, noMemory } from './rack.js';

describe('unassigned-address', () => {
  const judge = (observation: Parameters<typeof unassignedAddress.judge>[0], told: readonly Told[] = rack) =>
    unassignedAddress.judge(observation, grantsOf(told), noMemory);
  const nd = 'neighbour-advertisement';

  it('fires on an address that was sold to nobody', () => {
    expect(judge(heardOn(16, { claimedAddress: '198.51.100.200' }))).toMatchObject({
      offendingMac: mac16,
      offender: { serverId: 'srv-16' },
    });
    expect(judge(heardOn(16, { kind: nd, claimedAddress: '2001:db8:17::1' }))).toBeDefined();
  });

  it('fires on an address that was given back', () => {
    const told: Told[] = [...rack, ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }]];
    expect(judge(heardOn(16, { claimedAddress: '198.51.100.16' }), told)).toBeDefined();
    expect(judge(heardOn(16, { claimedAddress: '198.51.100.16' }))).toBeUndefined();
  });

  it.each(['172.15.0.1', '172.32.0.1', '11.0.0.1', '192.169.0.1', '169.253.0.1', '100.64.0.1'])(
    'fires on %s, which is close to a private range and outside of it',
    (claimedAddress) => expect(judge(heardOn(16, { claimedAddress }))).toBeDefined(),
  );

  it.each([
    ['a private address', { claimedAddress: '172.17.0.1' }],
    ['a link-local', { kind: nd, claimedAddress: 'fe80::1234' }],
    [
      'duplicate address detection',
      { kind: 'neighbour-solicitation', claimedAddress: '2001:db8:17::1', tentative: true },
    ],
  ] as const)('fires on %s from another MAC than the bound one', (_name, frame) => {
    expect(judge(heardOn(16, { ...frame, etherSource: mac66 }))).toBeDefined();
    expect(judge(heardOn(16, { ...frame, claimedMac: strangeMac }))).toBeDefined();
    expect(judge(heardOn(16, frame))).toBeUndefined();
  });

  it('fires on a link-local from the bound MAC on a foreign VLAN', () => {
    const frame = { kind: nd, claimedAddress: 'fe80::1234' } as const;
    expect(judge({ ...heardOn(16, frame), vlan: heardOn(66, {}).vlan })).toBeDefined();
    expect(judge(heardSomewhere(66, { ...frame, etherSource: mac16 }))).toBeDefined();
    expect(judge(heardSomewhere(16, { ...frame, etherSource: mac16 }))).toBeUndefined();
  });

  it('fires on fe80::/10 outside fe80::/64', () => {
    expect(judge(heardOn(16, { kind: nd, claimedAddress: 'fe80:1::1' }))).toBeDefined();
  });

  it('stays silent on addresses of others and of the gateway: those have their own rules', () => {
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }))).toBeUndefined();
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.1' }))).toBeUndefined();
  });
});
