import { gatewayImpersonation } from '../../../projections/rules/gateway-impersonation.rule.js';
import { gatewayMac, grantsOf, heardOn, heardSomewhere, mac16, mac66, rack, strangeMac, noMemory } from './rack.js';

describe('gateway-impersonation', () => {
  const grants = grantsOf(rack);
  const judge = (observation: Parameters<typeof gatewayImpersonation.judge>[0]) =>
    gatewayImpersonation.judge(observation, grants, noMemory);

  it('fires when a server claims an address of the gateway, and names the server of the port', () => {
    const finding = judge(heardOn(66, { claimedAddress: '198.51.100.1' }));
    expect(finding).toMatchObject({ offendingMac: mac66, offender: { serverId: 'srv-66' } });
    expect(finding?.victim).toBeUndefined();
    expect(judge(heardOn(66, { kind: 'neighbour-advertisement', claimedAddress: 'fe80::1' }))).toBeDefined();
  });

  it("fires on the gateway's own MAC on a server's port, in the header or in the claim", () => {
    expect(judge(heardOn(66, { etherSource: gatewayMac, claimedAddress: '198.51.100.66' }))).toMatchObject({
      offendingMac: gatewayMac,
    });
    expect(judge(heardOn(66, { claimedMac: gatewayMac }))).toMatchObject({ offendingMac: gatewayMac });
    expect(judge(heardOn(66, { etherSource: gatewayMac, claimedAddress: 'fe80::1' }))).toBeDefined();
  });

  it("fires on a claim for the gateway's address that it is about to make (duplicate address detection)", () => {
    expect(
      judge(heardOn(66, { kind: 'neighbour-solicitation', claimedAddress: 'fe80::1', tentative: true })),
    ).toBeDefined();
  });

  it('fires where the port is not proven unless every MAC in the frame is the gateway’s', () => {
    expect(judge(heardSomewhere(16, { etherSource: mac66, claimedAddress: 'fe80::1' }))?.offender).toBeUndefined();
    expect(judge(heardSomewhere(16, { etherSource: mac66, claimedAddress: 'fe80::1' }))).toBeDefined();
    expect(
      judge(heardSomewhere(16, { etherSource: gatewayMac, claimedMac: strangeMac, claimedAddress: 'fe80::1' })),
    ).toMatchObject({ offendingMac: strangeMac });
    expect(judge(heardSomewhere(16, { etherSource: gatewayMac, claimedAddress: 'fe80::1' }))).toBeUndefined();
  });

  it('stays silent when the link-local of the gateway is used on a VLAN that it does not serve', () => {
    expect(judge(heardOn(21, { etherSource: mac16, claimedAddress: 'fe80::1' }))).toBeUndefined();
  });

  it('stays silent after the gateway was retired', () => {
    const retired = grantsOf([...rack, ['GatewayRetired', { switch: 'leaf1' }]]);
    const observation = heardOn(66, { claimedAddress: '198.51.100.1' });
    expect(gatewayImpersonation.judge(observation, retired, noMemory)).toBeUndefined();
  });
});
