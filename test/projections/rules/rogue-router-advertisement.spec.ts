import { primaryFinding, ruleMemories } from '../../../projections/index.js';
import { rogueRouterAdvertisement } from '../../../projections/rules/rogue-router-advertisement.rule.js';
import { gatewayMac, grantsOf, heardOn, heardSomewhere, mac66, rack, noMemory } from './rack.js';

describe('rogue-router-advertisement', () => {
  const grants = grantsOf(rack);
  const judge = (observation: Parameters<typeof rogueRouterAdvertisement.judge>[0]) =>
    rogueRouterAdvertisement.judge(observation, grants, noMemory);

  const kind = 'router-advertisement';

  it('fires on any router advertisement that comes in on a server port', () => {
    expect(judge(heardOn(66, { kind, claimedAddress: 'fe80::5054:ff:fe00:66' }))).toMatchObject({
      offendingMac: mac66,
      offender: { serverId: 'srv-66' },
    });
    expect(judge(heardOn(66, { kind, etherSource: gatewayMac, claimedAddress: 'fe80::1' }))).toBeDefined();
    expect(judge(heardOn(66, { kind }))).toBeDefined();
  });

  it('fires where the port is not proven when the sender is not the gateway', () => {
    expect(judge(heardSomewhere(16, { kind: 'router-advertisement', etherSource: mac66 }))).toBeDefined();
    expect(judge(heardSomewhere(16, { kind: 'router-advertisement', etherSource: gatewayMac }))).toBeUndefined();
  });

  it.each(['router-solicitation', 'neighbour-advertisement', 'redirect'] as const)('stays silent on a %s', (other) => {
    expect(judge(heardOn(66, { kind: other, claimedAddress: 'fe80::1' }))).toBeUndefined();
  });

  it('comes before gateway-impersonation when a router advertisement is forged for the gateway', () => {
    const forged = heardOn(66, { kind: 'router-advertisement', claimedAddress: 'fe80::1' });
    expect(primaryFinding(forged, grants, ruleMemories())?.rule.name).toBe('rogue-router-advertisement');
  });
});
