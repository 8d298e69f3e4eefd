import { sourceInconsistent } from '../../../projections/rules/source-inconsistent.rule.js';
import {
  besides,
  gatewayMac,
  gatewayPhysicalMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac11,
  mac66,
  noMemory,
  rack,
  shownBySwitch,
  strangeMac,
} from './rack.js';

describe('source-inconsistent', () => {
  const vrrpMac = '00:00:5e:00:01:07';
  const judge = (observation: Parameters<typeof sourceInconsistent.judge>[0], grants = grantsOf(rack)) =>
    sourceInconsistent.judge(observation, grants, noMemory);

  it('fires on a frame whose header and claim name two MACs, and names the claimed one', () => {
    expect(judge(heardOn(66, { claimedMac: mac11, claimedAddress: '2001:db8:66::1' }))).toMatchObject({
      offendingMac: mac11,
      offender: { serverId: 'srv-66' },
    });
    expect(judge(heardOn(66, { claimedMac: strangeMac }))).toBeDefined();
    expect(judge(heardSomewhere(66, { etherSource: gatewayMac, claimedMac: mac66 }))).toBeDefined();
  });

  it('tolerates VRRP and bonds once billing named their MACs, and fires until then', () => {
    const answer = heardOn(66, { claimedMac: vrrpMac });
    expect(judge(answer)).toBeDefined();
    expect(sourceInconsistent.mayBeInFlight).toBe(true);
    const named = grantsOf([...rack, ...besides(66, vrrpMac, strangeMac)]);
    expect(judge(answer, named)).toBeUndefined();
    expect(judge(heardOn(66, { etherSource: strangeMac, claimedMac: mac66 }), named)).toBeUndefined();
    expect(judge(heardOn(66, { etherSource: strangeMac, claimedMac: mac11 }), named)).toBeDefined();
  });

  it.each([
    ['one MAC twice, also a strange one', heardOn(66, { etherSource: strangeMac })],
    ['RARP after a migration', heardOn(66, { kind: 'arp-other' })],
    [
      "the gateway's two MACs on an uplink",
      heardSomewhere(16, { etherSource: gatewayPhysicalMac, claimedMac: gatewayMac }),
    ],
    ['a row of a table', shownBySwitch('arp-table', { etherSource: mac66 })],
  ])('stays silent on %s', (_name, observation) => expect(judge(observation)).toBeUndefined());
});
