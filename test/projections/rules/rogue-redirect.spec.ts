import { rogueRedirect } from '../../../projections/rules/rogue-redirect.rule.js';
import { gatewayMac, grantsOf, heardOn, heardSomewhere, mac66, noMemory, rack } from './rack.js';

describe('rogue-redirect', () => {
  const grants = grantsOf(rack);
  const judge = (observation: Parameters<typeof rogueRedirect.judge>[0]) =>
    rogueRedirect.judge(observation, grants, noMemory);
  const kind = 'redirect';

  it('fires on any redirect that comes in on a server port, whoever it says it is', () => {
    expect(judge(heardOn(66, { kind, claimedAddress: 'fe80::5054:ff:fe00:66' }))).toMatchObject({
      offendingMac: mac66,
      offender: { serverId: 'srv-66' },
    });
    expect(judge(heardOn(66, { kind, etherSource: gatewayMac, claimedAddress: 'fe80::1' }))).toBeDefined();
    expect(judge(heardOn(66, { kind }))).toBeDefined();
  });

  it('fires where the port is not proven when the sender is not the gateway', () => {
    expect(judge(heardSomewhere(16, { kind, etherSource: mac66 }))).toBeDefined();
    expect(judge(heardSomewhere(16, { kind, etherSource: gatewayMac }))).toBeUndefined();
  });

  it.each(['router-solicitation', 'router-advertisement', 'neighbour-advertisement'] as const)(
    'stays silent on a %s',
    (other) => expect(judge(heardOn(66, { kind: other, claimedAddress: 'fe80::1' }))).toBeUndefined(),
  );
});
