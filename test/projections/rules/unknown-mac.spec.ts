import { unknownMac } from '../../../projections/rules/unknown-mac.rule.js';
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

describe('unknown-mac', () => {
  const judge = (observation: Parameters<typeof unknownMac.judge>[0], told: readonly Told[] = rack) =>
    unknownMac.judge(observation, grantsOf(told), noMemory);

  it('fires on a source that billing knows nowhere, and says which MAC it expects', () => {
    const finding = judge(heardOn(16, { etherSource: strangeMac, claimedAddress: '198.51.100.16' }));
    expect(finding).toMatchObject({ offendingMac: strangeMac, offender: { serverId: 'srv-16' } });
    expect(finding?.detail).toContain(mac16);
  });

  it('fires on a claim that speaks for an unknown MAC, even without an address', () => {
    expect(judge(heardOn(16, { claimedMac: strangeMac }))).toMatchObject({ offendingMac: strangeMac });
  });

  it('fires on an empty port and where the port is not proven', () => {
    expect(judge(heardOn(21, {}))).toMatchObject({ offendingMac: strangeMac, offender: undefined });
    expect(judge(heardSomewhere(16, { etherSource: strangeMac }))).toBeDefined();
  });

  it('fires on the MAC of a replaced card and of a removed server', () => {
    const replaced: Told[] = [...rack, ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }]];
    expect(judge(heardOn(16, { etherSource: mac16 }), replaced)).toBeDefined();
    expect(judge(heardOn(16, { etherSource: strangeMac }), replaced)).toBeUndefined();
    expect(judge(heardOn(16, {}), [...rack, ['ServerRemoved', { serverId: 'srv-16' }]])).toBeDefined();
  });

  it('fires while billing has named no MAC for the server', () => {
    expect(judge(heardOn(16, {}), sold(16, { mac: null }))).toMatchObject({ offender: { serverId: 'srv-16' } });
  });

  it('stays silent on a MAC that billing has for another server', () => {
    expect(judge(heardOn(16, { etherSource: mac66 }))).toBeUndefined();
  });

  it("stays silent on the gateway's MAC: that is impersonation or the gateway itself", () => {
    expect(judge(heardOn(16, { etherSource: gatewayMac }))).toBeUndefined();
    expect(judge(heardSomewhere(16, { etherSource: gatewayMac }))).toBeUndefined();
  });

  it('may be in flight', () => {
    expect(unknownMac.mayBeInFlight).toBe(true);
  });
});
